// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.AgentEvent.AgentStarted;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.control.PeerLines;

/** The events of this host and of its peers reach the stream on its event loop, each once, from when it listens. */
class StreamedEventsTest {
    private static final int LINES = 1_000;
    private static final int HELD = 300;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final Context loop = vertx.getOrCreateContext();
    private final HeldLines peers = new HeldLines();
    private final List<JsonObject> heard = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private Disposable listen() throws Exception {
        StreamedEvents events = new StreamedEvents(bus, "here", Optional.of(peers));
        CompletableFuture<Disposable> listening = new CompletableFuture<>();
        loop.runOnContext(now -> listening.complete(events.listen(line -> {
            heard.add(new JsonObject(line));
            threads.add(Thread.currentThread());
        })));
        return listening.get(60, TimeUnit.SECONDS);
    }

    @Test
    void both_are_heard_on_the_event_loop_until_nobody_listens() throws Exception {
        peers.add("before");
        Disposable listening = listen();
        for (int i = 0; i < LINES; i++) {
            bus.publish(new AgentStarted("here", "1", "boot" + i));
            if (i % 2 == 0) {
                peers.add("line" + i);
                // More at once than are held would be missed, which is another test.
                eventually(() -> assertThat(peers.unread()).isLessThan(HELD / 2));
            }
        }
        eventually(() -> assertThat(heard).hasSize(LINES + LINES / 2));
        assertThat(heard.stream().filter(line -> line.getString("host").equals("here")))
                .extracting(line -> line.getJsonObject("data").getString("boot"))
                .hasSize(LINES)
                .doesNotHaveDuplicates();
        assertThat(heard.stream().filter(line -> line.getString("host").equals("there")))
                .extracting(line -> line.getString("subject"))
                .hasSize(LINES / 2)
                .startsWith("line0", "line2")
                .doesNotHaveDuplicates();
        assertThat(threads).containsOnly(threads.get(0));
        listening.dispose();
        int size = heard.size();
        peers.add("after");
        bus.publish(new AgentStarted("here", "1", "after"));
        CompletableFuture<Boolean> passed = new CompletableFuture<>();
        loop.runOnContext(now -> passed.complete(true));
        assertThat(passed.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(heard).hasSize(size);
    }

    @Test
    void lines_of_peers_that_came_too_fast_are_told_as_missed() throws Exception {
        Disposable listening = listen();
        CompletableFuture<Boolean> added = new CompletableFuture<>();
        loop.runOnContext(now -> {
            for (int i = 0; i < 2 * HELD; i++) {
                peers.add("line" + i);
            }
            added.complete(true);
        });
        assertThat(added.get(60, TimeUnit.SECONDS)).isTrue();
        eventually(() -> assertThat(heard).hasSize(HELD + 1));
        assertThat(heard.get(0).getString("kind")).isEqualTo("events.missed");
        assertThat(heard.get(0).getJsonObject("data").getInteger("count")).isEqualTo(HELD);
        listening.dispose();
    }

    /** Lines as a cluster has them. */
    private static final class HeldLines implements PeerLines {
        private final List<Line> all = new ArrayList<>();
        private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
        private long read = 1;

        void add(String subject) {
            synchronized (this) {
                all.add(new Line(
                        "kind",
                        subject,
                        new JsonObject()
                                .put("host", "there")
                                .put("subject", subject)
                                .encode()));
            }
            listeners.forEach(Runnable::run);
        }

        synchronized long unread() {
            return next() - read;
        }

        @Override
        public synchronized long next() {
            return all.size() + 1L;
        }

        @Override
        public synchronized Lines from(long number, int max) {
            long from = Math.max(number, next() - HELD);
            List<Line> some = all.subList((int) from - 1, (int) Math.min(from - 1 + max, all.size()));
            read = from + some.size();
            return new Lines(some, read, from - number);
        }

        @Override
        public Disposable onNews(Runnable news) {
            listeners.add(news);
            return Disposable.fromAction(() -> listeners.remove(news));
        }
    }
}
