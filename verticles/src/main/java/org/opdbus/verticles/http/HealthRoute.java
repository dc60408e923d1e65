// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

/** Says that the event loop runs: it does if this is answered. */
public final class HealthRoute implements WebRoute {
    private static final int OK = 200;

    @Override
    public boolean answer(WebExchange exchange) {
        if (!exchange.path().equals("/healthz")) {
            return false;
        }
        exchange.end(OK, "ok\n");
        return true;
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
