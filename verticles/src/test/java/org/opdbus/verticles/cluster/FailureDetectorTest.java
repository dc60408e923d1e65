// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PresenceTest {
    private long nanos = -5;
    private final Presence presence = new Presence(8_000, Map.of(), () -> nanos);

    @Test
    void a_host_is_away_after_silence_whatever_the_hosts_clock_says() {
        presence.seen(beat("a"), Instant.parse("2020-01-01T00:00:00Z"));
        pass(7);
        assertThat(presence.up()).containsExactly("a");
        presence.seen(beat("a"), Instant.parse("2040-01-01T00:00:00Z"));
        pass(7);
        presence.seen(beat("a"), Instant.parse("1980-01-01T00:00:00Z"));
        pass(7);
        assertThat(presence.up()).containsExactly("a");
        pass(2);
        assertThat(presence.up()).isEmpty();
        assertThat(presence.hosts())
                .singleElement()
                .satisfies(row -> assertThat(row.lastSeen()).isEqualTo(Instant.parse("1980-01-01T00:00:00Z")));
    }

    @Test
    void a_host_that_leaves_and_comes_back_ten_times_fills_no_log() {
        try (LogLines log = new LogLines()) {
            for (int i = 0; i < 10; i++) {
                assertThat(presence.seen(beat("a"), Instant.EPOCH)).isTrue();
                pass(9);
            }
            presence.seen(beat("b"), Instant.EPOCH);
            assertThat(log.with("host=a")).hasSize(4);
            assertThat(log.with("host=b")).hasSize(1);

            pass(600);
            presence.seen(beat("a"), Instant.EPOCH);
            assertThat(log.with("host=a")).hasSize(5).last().asString().contains("16 times more before");
        }
    }

    @Test
    void when_there_is_no_room_the_host_goes_that_was_away_for_longest() {
        Presence full = new Presence(
                8_000, Map.of("remembered", new HostRow("remembered", false, Instant.EPOCH, 1, "", "")), () -> nanos);
        full.seen(beat("first"), Instant.MAX);
        nanos += TimeUnit.SECONDS.toNanos(1);
        for (int i = 2; i < Presence.HOSTS_MAX; i++) {
            full.seen(beat("h" + i), Instant.EPOCH);
        }
        assertThat(full.hasRoom()).isFalse();
        assertThat(full.awayLongest()).contains("remembered");
        full.forget(Set.of("remembered"));
        assertThat(full.hasRoom()).isTrue();
        assertThat(full.awayLongest()).isEmpty();
        nanos += TimeUnit.SECONDS.toNanos(9);
        full.look();
        assertThat(full.awayLongest()).contains("first");
    }

    @Test
    void each_host_has_complaints_of_its_own_once_in_ten_minutes() {
        Complaints complaints = new Complaints(() -> nanos);
        try (LogLines log = new LogLines()) {
            for (int i = 0; i < 100; i++) {
                complaints.warn("a", "a is odd");
                complaints.warn("b", "b is odd");
            }
            for (int i = 0; i < 5_000; i++) {
                complaints.warn("host" + i, "many are");
            }
            assertThat(log.with("a is odd")).hasSize(1);
            assertThat(log.with("b is odd")).hasSize(1);
        }
    }

    private void pass(int seconds) {
        nanos += TimeUnit.SECONDS.toNanos(seconds);
        presence.look();
    }

    private static Message.Heartbeat beat(String host) {
        return new Message.Heartbeat(host, 1, 1, 0, 1, 0, 0, 7, "1", "", "");
    }
}
