// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import io.vertx.core.Vertx;
import org.opdbus.events.Address;
import org.opdbus.verticles.bus.Bus;

/** A program that watches an lxc.path, its only argument, and prints which containers it has found running. */
final class WatchingProgram {
    private WatchingProgram() {}

    @SuppressWarnings("CheckReturnValue") // It watches until it is killed.
    public static void main(String[] arguments) {
        Vertx vertx = Vertx.vertx();
        Bus bus = new Bus(vertx);
        bus.subscribe(Address.CONTAINER_STARTED, event -> System.out.println(event.subject()));
        vertx.deployVerticle(new LxcVerticle(bus, LxcOptions.of(arguments[0]))).await();
        System.out.println("watches");
    }
}
