// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import io.vertx.core.Vertx;
import org.opdbus.verticles.limits.ByteBudget;

/**
 * The common settings of connections of one kind.
 *
 * @param vertx the Vert.x that runs them
 * @param limits the limits of one connection
 * @param budget what all of them together may make this program hold
 */
public record JsonRpcSettings(Vertx vertx, JsonRpcLimits limits, ByteBudget budget) {
    /** For the one connection to a server, whose limits alone keep it within the heap. */
    public static JsonRpcSettings client(Vertx vertx) {
        return new JsonRpcSettings(vertx, JsonRpcLimits.CLIENT, ByteBudget.unlimited());
    }
}
