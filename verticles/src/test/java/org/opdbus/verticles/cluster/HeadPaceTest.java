// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.cluster.wire.Message;
import org.slf4j.LoggerFactory;

/** The interval of heads, and many hosts with it on a clock of the test's own and a network that loses messages. */
class HeadPaceTest {
    private static final int HOSTS = 500;
    private static final long SHORTEST_MS = 2_000;
    private static final long TICK_MS = 50;
    private static final int LATE_TICKS_MAX = 6;
    private static final int LOSS_PERCENT = 5;
    private static final int LOST_IN_A_ROW_MAX = 2;

    private final Logger logger = (Logger) LoggerFactory.getLogger("op-dbus.cluster");
    private final Level before = logger.getLevel();
    private final long seed = Long.getLong("seed", 27);
    private final Random chance = new Random(seed);
    private final List<Host> hosts = new ArrayList<>();
    private long nowMs;
    private long published;

    @BeforeEach
    void beQuiet() {
        // Each of many hosts says of each other one that it has come.
        logger.setLevel(Level.WARN);
    }

    @AfterEach
    void speak() {
        logger.setLevel(before);
    }

    @Test
    void the_interval_grows_with_the_hosts_and_every_head_begins_it_anew_a_little_earlier_than_promised() {
        HeadPace pace = new HeadPace(SHORTEST_MS, chance);
        assertThat(pace.isDue(0)).isTrue();
        int[][] promised = {{1, 2_000}, {100, 2_000}, {101, 2_020}, {250, 5_000}, {500, 10_000}, {1_024, 10_000}};
        for (int[] each : promised) {
            for (int i = 0; i < 3; i++) {
                pace.shown(each[0], nowMs);
                assertThat(pace.promisedMs()).isEqualTo(each[1]);
            }
            long earliest = Long.MAX_VALUE;
            for (int i = 0; i < 1_000; i++) {
                pace.shown(each[0], nowMs);
                assertThat(pace.promisedMs()).isEqualTo(each[1]);
                assertThat(pace.isDue(nowMs + each[1] * 7L / 8 - 1)).isFalse();
                long waited = each[1] * 7L / 8;
                while (!pace.isDue(nowMs + waited)) {
                    waited++;
                }
                earliest = Math.min(earliest, waited);
                assertThat(waited).isLessThanOrEqualTo(each[1]);
                nowMs += waited;
            }
            assertThat(earliest).as("they differ").isLessThan(each[1] * 9L / 10);
        }
    }

    @Test
    void a_receiver_that_misses_three_heads_hears_another_one_within_four_promised_intervals() {
        HeadPace pace = new HeadPace(SHORTEST_MS, chance);
        List<long[]> shown = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            pace.shown(1 + chance.nextInt(chance.nextBoolean() ? 50 : 1_000), nowMs);
            shown.add(new long[] {nowMs, pace.promisedMs()});
            while (!pace.isDue(nowMs)) {
                nowMs += TICK_MS / 10;
            }
        }
        for (int i = 0; i + 4 < shown.size(); i++) {
            long[] heard = shown.get(i);
            assertThat(shown.get(i + 4)[0] - heard[0])
                    .as("head %d, seed %d", i, seed)
                    .isLessThan(4 * heard[1] + TICK_MS);
        }
    }

    @Test
    void an_interval_that_is_longer_from_the_start_stays_as_it_is() {
        HeadPace pace = new HeadPace(600_000, chance);
        pace.shown(500, 0);
        assertThat(pace.promisedMs()).isEqualTo(600_000);
    }

    @Test
    void none_of_500_hosts_comes_and_goes_when_all_start_and_some_restart_and_half_of_them_die() {
        for (int i = 0; i < HOSTS; i++) {
            hosts.add(new Host("h" + i));
        }
        pass(35_000);
        assertThat(hosts).allMatch(host -> host.detector.up().size() == HOSTS - 1);
        int comings = HOSTS * (HOSTS - 1);
        assertThat(comings()).as("seed %d", seed).isEqualTo(comings);

        published = 0;
        pass(60_000);
        assertThat(published / 60.0).as("heads a second of all hosts").isBetween(HOSTS / 10.0, HOSTS / 8.0);
        assertThat(comings()).as("seed %d", seed).isEqualTo(comings);

        Host again = new Host("h7");
        hosts.set(7, again);
        pass(60_000);
        assertThat(again.detector.up()).hasSize(HOSTS - 1);
        assertThat(comings())
                .as("only the new run had to hear the others, seed %d", seed)
                .isEqualTo(comings);

        List<Host> dead = List.copyOf(hosts.subList(0, HOSTS / 2));
        hosts.removeAll(dead);
        comings -= dead.size() * (HOSTS - 1);
        pass(4 * 10_000 + SHORTEST_MS + LATE_TICKS_MAX * TICK_MS);
        assertThat(hosts).allMatch(host -> host.detector.up().size() == hosts.size() - 1);
        assertThat(hosts.get(0).detector.up())
                .doesNotContainAnyElementsOf(
                        dead.stream().map(each -> each.name).toList());
        published = 0;
        pass(60_000);
        assertThat(published / 60.0)
                .as("the others show theirs more often now")
                .isBetween(hosts.size() / 5.0, hosts.size() / 4.2);
        assertThat(comings()).as("seed %d", seed).isEqualTo(comings);
    }

    private int comings() {
        return hosts.stream().mapToInt(host -> host.comings).sum();
    }

    private void pass(long ms) {
        for (long until = nowMs + ms; nowMs < until; nowMs += TICK_MS) {
            List.copyOf(hosts).forEach(Host::tick);
        }
    }

    /** A head on its way. */
    private record Letter(long dueMs, Message.LedgerHead head) {}

    private final class Host {
        private final String name;
        private final FailureDetector detector =
                new FailureDetector(SHORTEST_MS, () -> TimeUnit.MILLISECONDS.toNanos(nowMs));
        private final HeadPace pace = new HeadPace(SHORTEST_MS, chance);
        private final List<Queue<Letter>> arriving = new ArrayList<>();
        private final long phaseMs = TICK_MS * chance.nextInt((int) (SHORTEST_MS / TICK_MS));
        private final Map<String, Integer> lost = new HashMap<>();
        private int comings;

        private Host(String name) {
            this.name = name;
            for (int i = 0; i <= LATE_TICKS_MAX; i++) {
                arriving.add(new ArrayDeque<>());
            }
        }

        private void tick() {
            for (Queue<Letter> letters : arriving) {
                while (!letters.isEmpty() && letters.peek().dueMs() <= nowMs) {
                    hear(letters.remove().head());
                }
            }
            if ((nowMs + phaseMs) % SHORTEST_MS == 0) {
                detector.look();
            }
            if (pace.isDue(nowMs)) {
                pace.shown(detector.up().size() + 1, nowMs);
                published++;
                Message.LedgerHead head = head();
                int late = chance.nextInt(LATE_TICKS_MAX + 1);
                hosts.stream().filter(host -> host != this).forEach(host -> host.send(head, late));
            }
        }

        private Message.LedgerHead head() {
            return new Message.LedgerHead(name, 1, 1, 0, 0, "1", "", "", 0, pace.promisedMs());
        }

        private void send(Message.LedgerHead head, int late) {
            if (chance.nextInt(100) < LOSS_PERCENT && lost.merge(head.host(), 1, Integer::sum) <= LOST_IN_A_ROW_MAX) {
                return;
            }
            lost.remove(head.host());
            arriving.get(late).add(new Letter(nowMs + late * TICK_MS, head));
        }

        private void hear(Message.LedgerHead head) {
            if (detector.seen(head, Instant.EPOCH)) {
                comings++;
                hosts.stream()
                        .filter(host -> host.name.equals(head.host()))
                        .forEach(host -> host.send(head(), chance.nextInt(LATE_TICKS_MAX + 1)));
            }
        }
    }
}
