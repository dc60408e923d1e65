// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

/** A desired state that cannot be used, or a record of it that cannot be read or written. */
public final class StateException extends Exception {
    private static final long serialVersionUID = 1;

    /** The kind of failure. */
    public enum Reason {
        /** Two containers would have the same link name. */
        LINK_NAME_TAKEN,
        /** A container with the id to create exists already. Nothing was done. */
        ALREADY_EXISTS,
        /** The workload is made, started and removed by another program. Nothing was done. */
        NOT_OURS,
        /** Open vSwitch's database is out of reach, and the state needs it. Nothing was done. */
        SWITCH_UNREACHABLE,
        /** The record of the last apply exists and cannot be read. */
        RECORD_UNREADABLE,
        /** The record of the last apply cannot be written; the old one is unchanged. */
        RECORD_UNWRITABLE
    }

    private final Reason reason;
    private final String message;
    private final String remedy;

    StateException(Reason reason, String message, String remedy) {
        super(message);
        this.reason = reason;
        this.message = message;
        this.remedy = remedy;
    }

    StateException(Reason reason, String message, String remedy, Throwable cause) {
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

    /** Returns what to do about it. */
    public String remedy() {
        return remedy;
    }
}
