// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class NewestTest {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<String> taken = new ArrayList<>();
    private final Newest<String> newest =
            new Newest<>(tasks::addLast, (value, hasLost) -> taken.add(value + (hasLost ? " after a loss" : "")));

    @Test
    void a_flood_leaves_one_task_and_the_newest_value() {
        for (int i = 1; i <= 100_000; i++) {
            newest.offer("value " + i);
        }
        assertThat(tasks).hasSize(1);
        run();
        assertThat(taken).containsExactly("value 100000 after a loss");
    }

    @Test
    void every_value_is_taken_if_the_thread_keeps_up() {
        newest.offer("a");
        run();
        newest.offer("b");
        run();
        assertThat(taken).containsExactly("a", "b");
    }

    @Test
    void a_loss_is_reported_once() {
        newest.offer("a");
        newest.offer("b");
        run();
        newest.offer("c");
        run();
        assertThat(taken).containsExactly("b after a loss", "c");
    }

    @Test
    void the_last_value_of_many_threads_is_taken() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        ExecutorService offering = Executors.newFixedThreadPool(4);
        try {
            List<String> seen = new ArrayList<>();
            Newest<String> shared = new Newest<>(thread::execute, (value, hasLost) -> seen.add(value));
            List<Future<?>> floods = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                floods.add(offering.submit(() -> {
                    for (int n = 0; n < 10_000; n++) {
                        shared.offer("flood");
                    }
                }));
            }
            for (Future<?> flood : floods) {
                flood.get();
            }
            shared.offer("last");
            thread.submit(() -> {}).get();
            assertThat(seen).endsWith("last");
        } finally {
            offering.shutdownNow();
            thread.shutdownNow();
        }
    }

    private void run() {
        while (!tasks.isEmpty()) {
            tasks.removeFirst().run();
        }
    }
}
