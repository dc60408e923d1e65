// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.cluster.wire.LiveFact;
import org.opdbus.verticles.cluster.wire.PeerEvent;
import org.opdbus.verticles.control.PeerLines.Line;
import org.opdbus.verticles.control.PeerLines.Lines;

final class LineRingTest {
    private final LineRing ring = new LineRing();

    @Test
    void a_live_fact_of_an_unknown_kind_is_shown_as_it_is() {
        ring.add(live("moon.rose", new JsonObject().put("phase", new JsonObject().put("full", true))));
        Line line = ring.from(0, 10).lines().get(0);
        assertThat(line.kind()).isEqualTo("moon.rose");
        assertThat(line.json())
                .isEqualTo("{\"time\":\"2026-01-05T10:11:12.131415Z\",\"host\":\"b\",\"kind\":\"moon.rose\","
                        + "\"subject\":\"100\",\"data\":{\"phase\":{\"full\":true}},\"live\":true}");
    }

    @Test
    void a_gap_is_a_line_that_says_how_large_it_is() {
        ring.add(PeerEventLines.of(new PeerEvent.Missed("b", 5, 9)));
        JsonObject line = new JsonObject(ring.from(0, 10).lines().get(0).json());
        assertThat(line.getString("kind")).isEqualTo("events.missed");
        assertThat(line.getString("host")).isEqualTo("b");
        assertThat(line.getJsonObject("data")).isEqualTo(new JsonObject("{\"count\":5,\"from\":5,\"to\":9}"));
    }

    @Test
    void the_oldest_lines_are_dropped_first_and_a_late_reader_learns_how_many() {
        for (int i = 1; i <= LineRing.LINES_MAX + 10; i++) {
            ring.add(live("container.started", new JsonObject()));
        }
        Lines first = ring.from(1, 100);
        assertThat(first.missed()).isEqualTo(10);
        assertThat(first.lines()).hasSize(100);
        assertThat(first.next()).isEqualTo(111);
        assertThat(ring.from(111, 10).missed()).isZero();
        assertThat(ring.from(ring.next(), 10).lines()).isEmpty();

        // Long lines push out many short ones.
        String large = "x".repeat((int) LineRing.CHARACTERS_MAX / 2);
        for (int i = 0; i < 4; i++) {
            ring.add(live("container.started", new JsonObject().put("large", large)));
        }
        assertThat(ring.from(0, 100).lines()).hasSize(1);
    }

    @Test
    void a_listener_is_called_until_it_leaves() {
        AtomicInteger calls = new AtomicInteger();
        Disposable listening = ring.onNews(calls::incrementAndGet);
        ring.add(live("container.started", new JsonObject()));
        listening.dispose();
        ring.add(live("container.started", new JsonObject()));
        assertThat(calls).hasValue(1);
    }

    private static Line live(String kind, JsonObject data) {
        return PeerEventLines.of(
                new PeerEvent.Live("b", new LiveFact(Instant.parse("2026-01-05T10:11:12.131415Z"), kind, "100", data)));
    }
}
