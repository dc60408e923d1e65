// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import io.vertx.core.Vertx;
import org.opdbus.verticles.limits.ByteBudget;

/**
 * The common settings of connections of one kind.
 *
 * @param vertx the Vert.x that runs them
 * @param limits the limits of one connection
 * @param budget what all of them may make this program hold
 * @param isTrusted whether the other side is trusted, as ovsdb-server is: its long messages become objects while they
 *     arrive, so that their text is not in memory at the same time
 */
public record JsonRpcSettings(Vertx vertx, JsonRpcLimits limits, ByteBudget budget, boolean isTrusted) {
    /** For the callers of a server, which are not trusted. */
    public JsonRpcSettings(Vertx vertx, JsonRpcLimits limits, ByteBudget budget) {
        this(vertx, limits, budget, false);
    }

    /** For the one connection to a server, whose limits alone keep it within the heap. */
    public static JsonRpcSettings client(Vertx vertx) {
        return new JsonRpcSettings(vertx, JsonRpcLimits.CLIENT, ByteBudget.unlimited(), true);
    }

    MessageReader reader(ByteBudget.Share share) {
        return isTrusted ? new JsonMessageReader(limits, share) : new WholeMessageReader(limits, share);
    }
}
