// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import io.vertx.core.Vertx;
import org.opdbus.verticles.limits.ByteBudget;

/**
 * What connections of one kind have in common.
 *
 * @param vertx what they run on
 * @param limits what one of them may cost
 * @param budget what all of them may make this program hold
 */
public record JsonRpcSettings(Vertx vertx, JsonRpcLimits limits, ByteBudget budget) {
    /** For the one connection to a server, which its own limits keep within the heap. */
    public static JsonRpcSettings client(Vertx vertx) {
        return new JsonRpcSettings(vertx, JsonRpcLimits.CLIENT, ByteBudget.unlimited());
    }
}
