// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

/** An operation on a container that was not carried out, with what its user can do about it. */
public final class DriverException extends Exception {
    private static final long serialVersionUID = 1;

    /** Which kind of failure it was. */
    public enum Reason {
        /** The program that does it is not on this host, or may not be run. */
        NO_TOOL,
        /** What was asked for cannot be: an id, a feature or a change that the driver does not have. Nothing was done. */
        INVALID,
        /** There is a container of this id already. */
        ALREADY_EXISTS,
        /** There is no container of this id. */
        NO_SUCH_CONTAINER,
        /** The container runs and must not, or does not and must. */
        WRONG_STATE,
        /** Somebody else works on the container: a backup, a migration. Time will help. */
        LOCKED,
        /** The program took longer than it may, and was ended with everything that it had started. */
        TIMED_OUT,
        /** The program ran and said no. */
        REFUSED,
        /** A file of the container could not be read or written. */
        FILE,
        /** Too many operations wait already. Time will help. */
        BUSY
    }

    private final Reason reason;
    private final String message;
    private final String remedy;

    /** A failure with what was attempted, on what and why it failed, and what to do about it; empty if time will do it. */
    public DriverException(Reason reason, String message, String remedy) {
        super(message);
        this.reason = reason;
        this.message = message;
        this.remedy = remedy;
    }

    public DriverException(Reason reason, String message, String remedy, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.message = message;
        this.remedy = remedy;
    }

    @Override
    public String getMessage() {
        return message;
    }

    /** Which kind of failure it was. */
    public Reason reason() {
        return reason;
    }

    /** What to do about it; empty when time will do it. */
    public String remedy() {
        return remedy;
    }
}
