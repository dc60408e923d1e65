// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.vertx.core.buffer.Buffer;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.LiveInventory;

/** Says whether every source works and the ledger accepts entries. */
public final class ReadinessRoute implements WebRoute {
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final LiveInventory inventory;

    public ReadinessRoute(LiveInventory inventory) {
        this.inventory = inventory;
    }

    @Override
    public boolean answer(WebExchange exchange) {
        if (!exchange.path().equals("/readyz")) {
            return false;
        }
        HostFacts host = inventory.current().host();
        exchange.end(
                host.isReady() ? OK : UNAVAILABLE,
                "application/json",
                Buffer.buffer(Readiness.of(host).encodePrettily() + "\n"));
        return true;
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
