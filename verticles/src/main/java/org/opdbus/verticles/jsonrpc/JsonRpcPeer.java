// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;

/** What one side of a connection does when the other speaks. Called on the connection's context. */
public interface JsonRpcPeer {
    /**
     * Carries out a request and answers with a JSON value. A {@link JsonRpcException} answers with its {@link
     * JsonRpcException#error}, any other failure with its message. {@code echo} never comes here.
     */
    default Future<Object> requested(String method, JsonArray params) {
        return Future.failedFuture(
                new JsonRpcException(JsonRpcException.Reason.ERROR_ANSWERED, "unknown method: " + method));
    }

    /** Hears a message that wants no answer. */
    default void notified(String method, JsonArray params) {}

    /** Hears, once, that the connection is over and why; every call that waited has failed by then. */
    default void ended(JsonRpcException why) {}
}
