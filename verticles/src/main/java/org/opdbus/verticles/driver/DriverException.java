// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

/** An operation on a container that failed, with what the user can do about it. */
public final class DriverException extends Exception {
    private static final long serialVersionUID = 1;

    /** The kind of failure. */
    public enum Reason {
        /** The required program is not on this host, or may not be run. */
        NO_TOOL,
        /**
         * The request is not possible: an id, a feature or a change that the driver does not have. Nothing was done.
         */
        INVALID,
        /** A container with this id exists already. */
        ALREADY_EXISTS,
        /** There is no container with this id. */
        NO_SUCH_CONTAINER,
        /** The container runs and must not, or must run and does not. */
        WRONG_STATE,
        /** Another operation works on the container: a backup, a migration. A later try can succeed. */
        LOCKED,
        /** The program exceeded its time limit, and was ended with everything that it had started. */
        TIMED_OUT,
        /** The program ran and failed. */
        REFUSED,
        /** A file of the container could not be read or written. */
        FILE,
        /** Too many operations are waiting already. A later try can succeed. */
        BUSY
    }

    private final Reason reason;
    private final String message;
    private final String remedy;

    /**
     * Creates a failure: what was attempted, on what, why it failed, and what to do about it; the remedy is empty if
     * a later try is enough.
     */
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

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }

    /** Returns what to do about it; empty if a later try is enough. */
    public String remedy() {
        return remedy;
    }
}
