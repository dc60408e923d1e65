// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.cluster.limits.PeerWarnings;
import org.opdbus.verticles.cluster.wire.Message;
import org.opdbus.verticles.cluster.wire.Wire;

class FailureDetectorTest {
    private long nanos = -5;
    private final FailureDetector detector = new FailureDetector(2_000, () -> nanos);

    @Test
    void a_host_is_away_after_silence_whatever_the_hosts_clock_says() {
        detector.seen(beat("a"), Instant.parse("2020-01-01T00:00:00Z"));
        pass(7);
        assertThat(detector.up()).containsExactly("a");
        detector.seen(beat("a"), Instant.parse("2040-01-01T00:00:00Z"));
        pass(7);
        detector.seen(beat("a"), Instant.parse("1980-01-01T00:00:00Z"));
        pass(7);
        assertThat(detector.up()).containsExactly("a");
        pass(2);
        assertThat(detector.up()).isEmpty();
        assertThat(detector.hosts())
                .singleElement()
                .satisfies(row -> assertThat(row.lastSeen()).isEqualTo(Instant.parse("1980-01-01T00:00:00Z")));
    }

    @Test
    void a_host_is_away_after_four_of_the_intervals_that_its_last_head_promised() {
        detector.seen(beat("a", 10_000), Instant.EPOCH);
        pass(40);
        assertThat(detector.up()).containsExactly("a");
        pass(1);
        assertThat(detector.up()).isEmpty();
        detector.seen(beat("a", 10_000), Instant.EPOCH);
        detector.seen(beat("a", 5_000), Instant.EPOCH);
        pass(21);
        assertThat(detector.up()).isEmpty();
    }

    @Test
    void a_promise_without_sense_keeps_no_host_up_for_ever_and_makes_none_come_and_go() {
        detector.seen(beat("never again", Long.MAX_VALUE / 2), Instant.EPOCH);
        detector.seen(beat("at once", 1), Instant.EPOCH);
        pass(8);
        assertThat(detector.up()).containsExactly("at once", "never again");
        pass(1);
        assertThat(detector.up()).containsExactly("never again");
        pass(111);
        assertThat(detector.up()).containsExactly("never again");
        pass(1);
        assertThat(detector.up()).isEmpty();
    }

    @Test
    void a_list_of_hosts_stays_as_it_was_and_the_next_one_is_newer() {
        detector.seen(beat("b"), Instant.EPOCH);
        List<HostRow> before = detector.hosts();
        detector.seen(beat("a"), Instant.EPOCH);
        assertThat(before).extracting(HostRow::host).containsExactly("b");
        assertThat(detector.hosts()).extracting(HostRow::host).containsExactly("a", "b");
    }

    @Test
    void a_host_that_leaves_and_comes_back_ten_times_fills_no_log() {
        try (LogLines log = new LogLines()) {
            for (int i = 0; i < 10; i++) {
                assertThat(detector.seen(beat("a"), Instant.EPOCH)).isTrue();
                pass(9);
            }
            detector.seen(beat("b"), Instant.EPOCH);
            assertThat(log.with("host=a")).hasSize(4);
            assertThat(log.with("host=b")).hasSize(1);

            pass(600);
            detector.seen(beat("a"), Instant.EPOCH);
            assertThat(log.with("host=a")).hasSize(5).last().asString().contains("16 times more before");
        }
    }

    @Test
    void when_there_is_no_room_the_host_goes_that_was_away_for_longest() {
        FailureDetector full = new FailureDetector(2_000, () -> nanos);
        full.restore(Map.of("remembered", new HostRow("remembered", false, Instant.EPOCH, 1, "", "")));
        full.seen(beat("first"), Instant.MAX);
        nanos += TimeUnit.SECONDS.toNanos(1);
        for (int i = 2; i < Wire.HOSTS_MAX; i++) {
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
    void each_host_has_warnings_of_its_own_once_in_ten_minutes() {
        PeerWarnings warnings = new PeerWarnings(() -> nanos);
        try (LogLines log = new LogLines()) {
            for (int i = 0; i < 100; i++) {
                warnings.warn("a", "a is odd");
                warnings.warn("b", "b is odd");
            }
            for (int i = 0; i < 5_000; i++) {
                warnings.warn("host" + i, "many are");
            }
            assertThat(log.with("a is odd")).hasSize(1);
            assertThat(log.with("b is odd")).hasSize(1);
        }
    }

    private void pass(int seconds) {
        nanos += TimeUnit.SECONDS.toNanos(seconds);
        detector.look();
    }

    private static Message.LedgerHead beat(String host) {
        return beat(host, 0);
    }

    private static Message.LedgerHead beat(String host, long nextMs) {
        return new Message.LedgerHead(host, 1, 1, 0, 7, "1", "", "", 0, nextMs);
    }
}
