// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import org.jspecify.annotations.Nullable;

/** Why a call was not answered as hoped, or why a connection ended. */
public final class JsonRpcException extends RuntimeException {
    /** What kind of failure it was. */
    public enum Reason {
        /** The connection is closed; a call that had been sent may have been carried out or not. */
        CLOSED,
        /** No answer came in time; the call may have been carried out or not. */
        TIMED_OUT,
        /** Too much is under way; the call was not sent. */
        OVERLOADED,
        /** The other side answered with an error. */
        ERROR_ANSWERED,
        /** The other side sent what is not JSON-RPC 1.0, or more of it than allowed. */
        MALFORMED
    }

    private final Reason reason;
    private final Object error;

    /** A failure with this reason; the message is also what the other side is told if it is an answer. */
    public JsonRpcException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** A failure that was caused by another. */
    public JsonRpcException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.error = message;
    }

    private JsonRpcException(String message, Object error) {
        super(message);
        this.reason = Reason.ERROR_ANSWERED;
        this.error = error;
    }

    /** The failure of a call that was answered with this JSON value as its error. */
    public static JsonRpcException answered(String message, Object error) {
        return new JsonRpcException(message, error);
    }

    /** What kind of failure it was. */
    public Reason reason() {
        return reason;
    }

    /** The JSON value that stands for this failure in an answer. */
    public Object error() {
        return error;
    }
}
