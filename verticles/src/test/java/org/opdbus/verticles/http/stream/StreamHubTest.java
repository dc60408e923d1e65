// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.schedulers.TestScheduler;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.http.events.EventLog;
import org.opdbus.verticles.inventory.RandomInventory;

/** The pace and the limits of the stream. */
class StreamHubTest {
    private static final Set<StreamTopic> ALL = EnumSet.allOf(StreamTopic.class);

    private final TestScheduler time = new TestScheduler();
    private final RandomInventory inventory = new RandomInventory(new Random(1));
    private final List<Consumer<String>> listeners = new ArrayList<>();
    private int asked;
    private final StreamHub hub = new StreamHub(
            "abc",
            new StreamSources(
                    inventory.live,
                    new EventLog(listener -> {
                        listeners.add(listener);
                        return Disposable.fromAction(() -> listeners.remove(listener));
                    }),
                    () -> Single.fromCallable(() -> new JsonObject().put("asked", ++asked))),
            time,
            () -> TimeUnit.MILLISECONDS.toNanos(time.now(TimeUnit.MILLISECONDS)));

    /** A reader and its connection. */
    private record Opened(ModelClient client, StreamReader reader) {
        StreamModel model() {
            client.take(Integer.MAX_VALUE);
            return client.model;
        }
    }

    private Opened open(Set<StreamTopic> topics) {
        ModelClient client = new ModelClient();
        client.connected();
        return new Opened(client, hub.open(topics, Optional.empty(), client));
    }

    private void pass(long ms) {
        time.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
    }

    private void hear(String line) {
        listeners.forEach(listener -> listener.accept(line));
    }

    @Test
    void many_changes_in_a_short_time_are_one() {
        Opened opened = open(ALL);
        pass(StreamHub.PACE_MS);
        int before = opened.model().count("change");
        for (int i = 0; i < 10 * StreamHub.PACE_MS; i++) {
            inventory.change();
            pass(1);
            opened.model();
        }
        assertThat(opened.model().count("change") - before).isBetween(9, 11);
        pass(StreamHub.PACE_MS);
        assertThat(opened.model().version()).isEqualTo(inventory.live.current().version());
    }

    @Test
    void a_change_after_a_quiet_time_is_told_at_once() {
        Opened opened = open(ALL);
        pass(1_000);
        hear("{\"line\":1}");
        pass(10);
        assertThat(opened.model().events).containsValue(new JsonObject().put("line", 1));
    }

    @Test
    void a_reader_gets_only_its_topics() {
        Opened events = open(EnumSet.of(StreamTopic.EVENTS));
        Opened hosts = open(EnumSet.of(StreamTopic.INVENTORY));
        for (int i = 0; i < 100; i++) {
            inventory.change();
            hear("{\"line\":" + i + "}");
            pass(StreamHub.PACE_MS);
        }
        assertThat(events.model().count("event")).isEqualTo(100);
        assertThat(events.model().count("snapshot")
                        + events.model().count("change")
                        + events.model().count("figures"))
                .isZero();
        assertThat(hosts.model().count("snapshot")).isEqualTo(1);
        assertThat(hosts.model().count("event") + hosts.model().count("figures"))
                .isZero();
        assertThat(asked).isZero();
    }

    @Test
    void figures_are_asked_for_while_a_reader_wants_them() {
        Opened opened = open(ALL);
        pass(3 * NewestFigures.EVERY_MS);
        assertThat(opened.model().count("figures")).isEqualTo(asked).isEqualTo(4);
        hub.leave(opened.reader());
        pass(3 * NewestFigures.EVERY_MS);
        assertThat(asked).isEqualTo(4);
    }

    @Test
    void a_reader_that_takes_nothing_is_closed_and_others_go_on() {
        Opened silent = open(ALL);
        Opened other = open(ALL);
        for (long ms = 0; ms < 2 * StreamHub.STUCK.toMillis() && silent.client().isOpen(); ms += StreamHub.PACE_MS) {
            inventory.change();
            inventory.change();
            hear("{\"line\":" + ms + ",\"text\":\"" + "x".repeat(1_000) + "\"}");
            pass(StreamHub.PACE_MS);
            assertThat(other.model().event()).isPositive();
        }
        assertThat(silent.client().isOpen()).isFalse();
        assertThat(other.client().isOpen()).isTrue();
        pass(StreamHub.PACE_MS);
        assertThat(other.model().version()).isEqualTo(inventory.live.current().version());
    }

    @Test
    void a_reader_that_takes_nothing_loses_its_place_to_another_one() {
        List<Opened> opened = new ArrayList<>();
        for (int i = 0; i < StreamHub.READERS_MAX; i++) {
            assertThat(hub.hasPlace()).isTrue();
            opened.add(open(ALL));
        }
        assertThat(hub.hasPlace()).isFalse();
        for (int i = 0; i < 100; i++) {
            hear("{\"line\":" + i + ",\"text\":\"" + "x".repeat(1_000) + "\"}");
            pass(StreamHub.PACE_MS);
            opened.stream().skip(1).forEach(reader -> {
                reader.model();
                reader.reader().pump();
            });
        }
        assertThat(hub.hasPlace()).isTrue();
        assertThat(opened.stream().filter(reader -> !reader.client().isOpen())).containsExactly(opened.get(0));
        open(ALL);
        assertThat(hub.hasPlace()).isFalse();
    }

    @Test
    void a_quiet_reader_gets_heartbeats() {
        Opened opened = open(EnumSet.of(StreamTopic.EVENTS));
        opened.model();
        pass(60_000);
        assertThat(opened.client().waiting()).isBetween(3 * 3, 4 * 3);
    }

    @Test
    void what_is_not_from_this_run_begins_anew() {
        ModelClient client = new ModelClient();
        client.connected();
        hub.open(ALL, Position.of("def.3.7"), client);
        client.take(Integer.MAX_VALUE);
        assertThat(client.model.count("snapshot")).isEqualTo(1);
        assertThat(Position.of("abc.1")).isEmpty();
        assertThat(Position.of("abc.1.2.3")).isEmpty();
        assertThat(Position.of("abc.1.99999999999999999999")).isEmpty();
        assertThat(Position.of("abc.-.-")).contains(new Position("abc", Position.NONE, Position.NONE));
    }
}
