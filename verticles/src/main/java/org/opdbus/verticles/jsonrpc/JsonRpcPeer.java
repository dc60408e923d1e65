// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;

/**
 * The reaction of one side of a connection to messages of the other. Called on the connection's
 * context.
 */
public interface JsonRpcPeer {
    /**
     * Carries out a request and answers with a JSON value. A {@link JsonRpcException} answers with
     * its {@link JsonRpcException#error}, any other failure with its message. The connection
     * answers {@code echo} itself.
     */
    default Future<Object> requested(String method, JsonArray params) {
        return Future.failedFuture(
                new JsonRpcException(JsonRpcException.Reason.ERROR_ANSWERED, "unknown method: " + method));
    }

    /** Receives a notification. */
    default void notified(String method, JsonArray params) {}

    /**
     * Called once, when the connection has ended, with the reason; every outstanding call has
     * failed by then.
     */
    default void ended(JsonRpcException why) {}
}
