// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.capture;

import io.vertx.core.Vertx;
import java.util.Optional;
import org.opdbus.verticles.http.WebExchange;
import org.opdbus.verticles.http.WebRoute;
import org.opdbus.verticles.inventory.LiveInventory;

/**
 * Leads requests for captures to their face. What crosses the host's links is for callers with the token only, because any local user
 * can reach a loopback address.
 */
public final class CaptureRoute implements WebRoute {
    private final CaptureFace face;

    /** Creates a route of the present event loop that knows the host by this inventory. */
    public CaptureRoute(Vertx vertx, LiveInventory inventory) {
        face = new CaptureFace(vertx, inventory);
    }

    @Override
    public boolean answer(WebExchange exchange) {
        Optional<CapturePath> path = CapturePath.of(exchange.path());
        path.ifPresent(asked -> {
            if (asked.isStream()) {
                face.open(exchange);
            } else {
                face.list(exchange);
            }
        });
        return path.isPresent();
    }

    @Override
    public void close() {
        face.close();
    }
}
