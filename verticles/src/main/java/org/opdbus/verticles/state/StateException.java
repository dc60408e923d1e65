// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

/** A desired state that cannot be worked with, or a record of it that cannot be read or written. */
public final class StateException extends Exception {
    private static final long serialVersionUID = 1;

    /** Which kind of failure it was. */
    public enum Reason {
        /** Two containers would have one link name. */
        LINK_NAME_TAKEN,
        /** There is a container of the id that is to be created. Nothing was done. */
        ALREADY_EXISTS,
        /** Open vSwitch's database cannot be reached, and what is wanted needs it. Nothing was done. */
        SWITCH_UNREACHABLE,
        /** The record of the last apply is there and cannot be read. */
        RECORD_UNREADABLE,
        /** The record of the last apply cannot be written; the old one is as it was. */
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

    /** Which kind of failure it was. */
    public Reason reason() {
        return reason;
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }
}
