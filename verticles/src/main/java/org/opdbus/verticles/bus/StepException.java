// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import org.opdbus.events.Refusal;

/**
 * Says that a handler did not carry a step out. Either the handler changed nothing, or the next check of the container
 * finds what it changed.
 */
public final class StepException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The kinds of failure. The kind decides whether the router publishes it. */
    public enum Reason {
        /** The host has changed: the link is gone or the row differs. The next check sees this; no event is published. */
        STALE,
        /** The other side cannot be reached or does not answer. The router retries; no event is published. */
        UNAVAILABLE,
        /** The kernel refused. The router publishes the refusal and retries. */
        LINK_REFUSED,
        /** The container has a link of the name that ours should have. The router publishes the refusal and retries. */
        NAME_REFUSED,
        /** The database refused. The router publishes the refusal and retries. */
        PORT_REFUSED
    }

    private final Reason reason;
    private final String message;
    private final String remedy;

    /** Creates a failure. The message says what was attempted, on which object, and why it failed. */
    public StepException(Reason reason, String message, String remedy, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.message = message;
        this.remedy = remedy;
    }

    /** Creates a failure without a cause. */
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

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }

    /** Returns what the user has to do about it; empty if a retry may succeed without the user. */
    public String remedy() {
        return remedy;
    }

    /** Returns the refusal that the router publishes for this failure. */
    public Refusal refusal() {
        return switch (reason) {
            case LINK_REFUSED -> Refusal.RENAME_FAILED;
            case NAME_REFUSED -> Refusal.NAME_TAKEN;
            case STALE, UNAVAILABLE, PORT_REFUSED -> Refusal.DATABASE_REFUSED;
        };
    }
}
