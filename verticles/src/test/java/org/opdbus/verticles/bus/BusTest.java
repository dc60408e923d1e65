// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.Address;
import org.opdbus.events.AgentEvent.AgentStarted;
import org.opdbus.events.AgentEvent.AgentStopping;
import org.opdbus.verticles.testing.BusWatcher;

class BusTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void events_of_one_publisher_keep_their_order_and_none_is_lost() {
        try (BusWatcher watcher = new BusWatcher(bus)) {
            IntStream.range(0, 10_000).forEach(i -> bus.publish(new AgentStarted("host-" + i, "1", "boot")));

            watcher.expect(AgentStarted.class, event -> event.host().equals("host-9999"));
            List<String> hosts = watcher.seen(AgentStarted.class).stream()
                    .map(AgentStarted::host)
                    .toList();
            assertThat(hosts)
                    .isEqualTo(IntStream.range(0, 10_000)
                            .mapToObj(i -> "host-" + i)
                            .toList());
        }
    }

    @Test
    void a_subscriber_hears_only_its_own_kind() {
        try (BusWatcher watcher = new BusWatcher(bus)) {
            List<AgentStopping> heard = new java.util.concurrent.CopyOnWriteArrayList<>();
            bus.subscribe(Address.AGENT_STOPPING, heard::add);

            bus.publish(new AgentStarted("a", "1", "boot"));
            bus.publish(new AgentStopping("a", "told to"));
            bus.publish(new AgentStarted("b", "1", "boot"));

            watcher.expect(AgentStarted.class, event -> event.host().equals("b"));
            org.opdbus.verticles.testing.Eventually.eventually(
                    () -> assertThat(heard).containsExactly(new AgentStopping("a", "told to")));
        }
    }
}
