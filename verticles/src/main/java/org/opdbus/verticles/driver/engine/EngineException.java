// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.engine;

/** An engine could not be asked, or its answer is of no use. */
public final class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Reason {
        /** There is no connection, or it ended. */
        UNREACHABLE,
        /** No answer in time. */
        LATE,
        /** An answer that is too long, an error, or not what was asked for. */
        INVALID
    }

    private final Reason reason;

    public EngineException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }
}
