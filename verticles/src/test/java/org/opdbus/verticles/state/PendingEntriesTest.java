// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.AgentEvent.AgentStopping;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.verticles.bus.Bus;

class PendingEntriesTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final ExecutorService ledger = Executors.newSingleThreadExecutor();

    @AfterEach
    void close() {
        ledger.shutdownNow();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void an_entry_is_heard_of_at_whatever_moment_it_comes() {
        Disposable committing = bus.subscribeAll(event -> {
            if (event instanceof AgentStopping fact) {
                ledger.execute(() -> bus.publish(new EntryCommitted(1, "0", fact)));
            }
        });
        PendingEntries footprints = new PendingEntries(bus, Duration.ofMinutes(1));
        for (int i = 0; i < 5_000; i++) {
            assertThat(footprints.record(new AgentStopping("a", "time " + i)).blockingAwait(2, TimeUnit.MINUTES))
                    .isTrue();
        }
        footprints.dispose();
        committing.dispose();
    }

    @Test
    void what_the_ledger_does_not_take_is_waited_for_no_longer_than_the_limit() {
        PendingEntries footprints = new PendingEntries(bus, Duration.ofMillis(50));
        assertThatThrownBy(() -> footprints.record(new AgentStopping("a", "")).blockingAwait())
                .hasMessageContaining("the ledger has not recorded the changes of container a within");
        footprints.dispose();
    }
}
