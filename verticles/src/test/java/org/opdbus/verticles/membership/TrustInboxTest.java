// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.limits.TaskThread;
import org.opdbus.verticles.membership.trust.SignedTrustBundle;

class TrustInboxTest {
    private static final int FLOOD = 20_000;

    @TempDir
    Path folder;

    /** What a membership has for the trust bundle. */
    private static final class Host {
        private final List<Throwable> defects = new CopyOnWriteArrayList<>();
        private final TaskThread thread = new TaskThread("trust", defects::add);
        private final AtomicReference<Host> other = new AtomicReference<>();
        private volatile SignedTrustBundle own;
        private final TrustExchange exchange;
        private final TrustInbox inbox;

        private Host(SignedTrustBundle first) {
            own = first;
            exchange = new TrustExchange(
                    text -> Objects.requireNonNull(other.get()).inbox.offer(text),
                    thread,
                    () -> own,
                    newer -> own = newer,
                    new RateLimitedLog(System::nanoTime));
            inbox = new TrustInbox(thread, () -> Optional.of(exchange));
        }

        private void close() {
            assertThat(thread.finish(() -> {}, 60_000)).isTrue();
            assertThat(defects).isEmpty();
        }
    }

    @Test
    void a_bundle_that_was_lost_in_a_flood_is_shown_again() {
        try (ClusterFixture cluster = new ClusterFixture(folder)) {
            cluster.found(1);
            SignedTrustBundle older = cluster.files(1).requireTrustBundle();
            cluster.letIn(2, cluster.authority(1));
            SignedTrustBundle newer = cluster.files(1).requireTrustBundle();
            assertThat(newer.content().version()).isGreaterThan(older.content().version());
            Host flooded = new Host(older);
            Host knowing = new Host(newer);
            flooded.other.set(knowing);
            knowing.other.set(flooded);
            try {
                CountDownLatch flood = new CountDownLatch(1);
                flooded.thread.run(flood::await);
                flooded.inbox.offer(newer.text());
                for (int i = 0; i < FLOOD; i++) {
                    flooded.inbox.offer("no bundle " + i);
                }
                flood.countDown();
                eventually(() -> assertThat(flooded.own.text()).isEqualTo(newer.text()));
            } finally {
                flooded.close();
                knowing.close();
            }
        }
    }
}
