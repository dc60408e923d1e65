// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.AgentEvent.AgentStopping;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.testing.BusWatcher;

class HeapAfterBurstTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final AtomicInteger collections = new AtomicInteger();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void watch(long quietMs) {
        vertx.deployVerticle(new HeapAfterBurst(bus, quietMs, collections::incrementAndGet))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private void publish(int facts) {
        try (BusWatcher watcher = new BusWatcher(bus)) {
            IntStream.rangeClosed(1, facts).forEach(n -> bus.publish(new AgentStopping("host", "fact " + n)));
            watcher.expect(AgentStopping.class, fact -> fact.reason().equals("fact " + facts));
        }
    }

    @Test
    void each_burst_is_followed_by_one_collection_once_it_is_over() {
        watch(20);
        publish(HeapAfterBurst.BURST_FACTS);
        eventually(() -> assertThat(collections).hasValue(1));
        publish(HeapAfterBurst.BURST_FACTS - 1);
        assertThat(collections).hasValue(1);
        publish(1);
        eventually(() -> assertThat(collections).hasValue(2));
    }
}
