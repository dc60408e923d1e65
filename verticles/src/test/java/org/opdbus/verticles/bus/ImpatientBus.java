// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import io.vertx.core.Vertx;

/** Makes buses whose senders of steps wait only a short time for the answer. */
public final class ImpatientBus {
    private ImpatientBus() {}

    /** Returns a bus on which a step fails when it has no answer after {@code stepLimitMs}. */
    public static Bus on(Vertx vertx, long stepLimitMs) {
        return new Bus(vertx, stepLimitMs);
    }
}
