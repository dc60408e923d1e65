// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Why a request was refused, or the socket could not be had. */
public final class NonNetException extends RuntimeException {
    /** What kind of failure it was; all but the last two are what a client is told. */
    public enum Reason {
        /** The request is not in the form that RFC 7047 gives it. */
        SYNTAX("syntax error"),
        /** A column is named that its table does not have. */
        UNKNOWN_COLUMN("unknown column"),
        /** A condition uses a function that does not exist. */
        UNKNOWN_FUNCTION("unknown function"),
        /** A database is named that is not here. */
        UNKNOWN_DATABASE("unknown database"),
        /** The operation would write. */
        NOT_ALLOWED("not allowed"),
        /** The transaction asked for its own end. */
        ABORTED("aborted"),
        /** The request would cost more than one request may. */
        EXHAUSTED("resources exhausted"),
        /** Another process serves the socket. */
        SOCKET_IN_USE("socket in use"),
        /** The socket could not be made. */
        SOCKET_UNUSABLE("socket unusable");

        private final String word;

        Reason(String word) {
            this.word = word;
        }
    }

    private final Reason reason;

    NonNetException(Reason reason, String message) {
        this(reason, message, null);
    }

    NonNetException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What kind of failure it was. */
    public Reason reason() {
        return reason;
    }

    /** This failure as an {@code <error>} (RFC 7047 section 3.1). */
    JsonObject toJson() {
        return new JsonObject().put("error", reason.word).put("details", getMessage());
    }
}
