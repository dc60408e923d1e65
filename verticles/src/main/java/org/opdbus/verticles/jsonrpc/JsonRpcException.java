// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import org.jspecify.annotations.Nullable;

/** Why a call was not answered with a result, or why a connection ended. */
public final class JsonRpcException extends RuntimeException {
    /** The kind of failure. */
    public enum Reason {
        /** The connection is closed; a call that was sent may have been carried out. */
        CLOSED,
        /** No answer came in time; the call may have been carried out. */
        TIMED_OUT,
        /** Too many calls are outstanding; the call was not sent. */
        OVERLOADED,
        /** The other side answered with an error. */
        ERROR_ANSWERED,
        /** The other side sent data that is not JSON-RPC 1.0, or more of it than allowed. */
        MALFORMED
    }

    private final Reason reason;
    private final Object error;

    /**
     * Creates a failure with this reason; the other side gets the message if the failure is an
     * answer.
     */
    public JsonRpcException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** Creates a failure with another failure as its cause. */
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

    /** Creates the failure of a call that was answered with this JSON value as its error. */
    public static JsonRpcException answered(String message, Object error) {
        return new JsonRpcException(message, error);
    }

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }

    /** Returns the JSON value that represents this failure in an answer. */
    public Object error() {
        return error;
    }
}
