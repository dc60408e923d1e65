// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Says why the server refused a request, or why it could not open the socket. */
public final class NonNetException extends RuntimeException {
    /** The kinds of failure. A client receives all of them except the last two. */
    public enum Reason {
        /** The request is not in the form that RFC 7047 gives it. */
        SYNTAX("syntax error"),
        /** The request names a column that its table does not have. */
        UNKNOWN_COLUMN("unknown column"),
        /** A condition uses a function that does not exist. */
        UNKNOWN_FUNCTION("unknown function"),
        /** The request names a database that this server does not have. */
        UNKNOWN_DATABASE("unknown database"),
        /** The operation would write. */
        NOT_ALLOWED("not allowed"),
        /** The transaction contains {@code abort}. */
        ABORTED("aborted"),
        /** The request exceeds a limit. */
        EXHAUSTED("resources exhausted"),
        /** Another process serves the socket. */
        SOCKET_IN_USE("socket in use"),
        /** The server could not create the socket. */
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

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }

    /** Returns this failure as an {@code <error>} (RFC 7047 section 3.1). */
    JsonObject toJson() {
        return new JsonObject().put("error", reason.word).put("details", getMessage());
    }
}
