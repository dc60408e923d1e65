// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Optional;
import org.opdbus.events.Event;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.control.ControlOptions;
import org.opdbus.verticles.control.ControlRequests;
import org.opdbus.verticles.control.ControlVerticle;
import org.opdbus.verticles.control.PeerNews;
import org.opdbus.verticles.limits.ByteBudget;

/** An agent for commands: its control socket is real, and a test plays its answers and its events. */
public final class PlayedAgent implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);

    /** Answers these requests from now on. */
    public void listen(Path socket, String host, ControlRequests requests) {
        listen(socket, host, requests, Optional.empty());
    }

    /** Answers these requests from now on, and tells news of other hosts if there are any. */
    public void listen(Path socket, String host, ControlRequests requests, Optional<PeerNews> peers) {
        vertx.deployVerticle(new ControlVerticle(
                        bus, new ControlOptions(socket, host, ByteBudget.unlimited()), requests, peers))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    void publish(Event event) {
        bus.publish(event);
    }

    /** Stops, as an agent does. */
    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
