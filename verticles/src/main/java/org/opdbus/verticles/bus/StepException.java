// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import org.opdbus.events.Refusal;

/** A step that was not carried out; nothing was changed, or what was changed is found by the next look. */
public final class StepException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Whether it is worth telling. */
    public enum Reason {
        /** The host has moved on: the link is gone, the row has changed. The next look sees it; nobody is told. */
        STALE,
        /** The other side cannot be reached or does not answer. It is tried again. */
        UNAVAILABLE,
        /** The kernel would not do it. It is told, and tried again. */
        LINK_REFUSED,
        /** The database would not do it. It is told, and tried again. */
        PORT_REFUSED
    }

    private final Reason reason;
    private final String message;
    private final String remedy;

    /** A failure with what was attempted, on what, and why it failed, and what to do about it. */
    public StepException(Reason reason, String message, String remedy, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.message = message;
        this.remedy = remedy;
    }

    /** A failure that has no deeper cause. */
    public StepException(Reason reason, String message) {
        super(message);
        this.reason = reason;
        this.message = message;
        this.remedy = "";
    }

    @Override
    public String getMessage() {
        return message;
    }

    /** Whether it is worth telling. */
    public Reason reason() {
        return reason;
    }

    /** What to do about it; empty when time will do it. */
    public String remedy() {
        return remedy;
    }

    /** How the refusal is told to others. */
    public Refusal refusal() {
        return reason == Reason.LINK_REFUSED ? Refusal.RENAME_FAILED : Refusal.DATABASE_REFUSED;
    }
}
