// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.opdbus.verticles.cluster.wire.Message;
import org.opdbus.verticles.cluster.wire.Wire;
import org.opdbus.verticles.limits.Allowance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the other hosts and whether they are up. A host is away when it has shown no head for {@value
 * #AWAY_AFTER_INTERVALS} of the intervals that its last head promised, by the monotonic clock; the other clock is only
 * for display. A promise counts as at least this host's own interval and at most {@value #INTERVAL_MAX_MS} ms, so that
 * a host which promises nonsense is found away, too. At most {@value Wire#HOSTS_MAX} hosts: a further host replaces the one that
 * has been away longest. The log reports a host's changes at most {@value #LINES_MAX} times in ten minutes. For use
 * by one thread, except {@link #hosts}.
 */
final class FailureDetector {
    static final int AWAY_AFTER_INTERVALS = 4;
    private static final long INTERVAL_MAX_MS = 30_000;
    private static final int LINES_MAX = 4;
    private static final Duration LINES_PERIOD = Duration.ofMinutes(10);
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");

    private final long intervalMs;
    private final LongSupplier nanoTime;
    private final Allowance lines;
    private final ConcurrentNavigableMap<String, HostRow> rows = new ConcurrentSkipListMap<>();
    /** The last head of each; without the hosts known only from an earlier run. */
    private final Map<String, Heard> heard = new HashMap<>();

    /** When a head came by the monotonic clock, and after how long without another one its host is away. */
    private record Heard(long atNs, long awayAfterNs) {}

    /**
     * Knows no host.
     *
     * @param intervalMs the interval of hosts whose heads promise none
     */
    FailureDetector(long intervalMs, LongSupplier nanoTime) {
        this.intervalMs = intervalMs;
        this.nanoTime = nanoTime;
        lines = new Allowance(LINES_MAX, LINES_PERIOD, nanoTime);
    }

    /** Sets what an earlier run knew, before anything else is called. */
    void restore(Map<String, HostRow> remembered) {
        rows.putAll(remembered);
    }

    /** Returns all hosts except this one, by name, as they are now. For any thread. */
    List<HostRow> hosts() {
        return List.copyOf(rows.values());
    }

    /** Returns the hosts that are up. */
    List<String> up() {
        return rows.values().stream().filter(HostRow::up).map(HostRow::host).toList();
    }

    boolean isKnown(String host) {
        return rows.containsKey(host);
    }

    boolean hasRoom() {
        return rows.size() < Wire.HOSTS_MAX;
    }

    /** Returns the host that has been away longest. */
    Optional<String> awayLongest() {
        long now = nanoTime.getAsLong();
        return rows.values().stream()
                .filter(row -> !row.up())
                .max(Comparator.comparingLong((HostRow row) -> heard.containsKey(row.host())
                                ? now - heard.get(row.host()).atNs()
                                : Long.MAX_VALUE)
                        .thenComparing(HostRow::lastSeen, Comparator.reverseOrder()))
                .map(HostRow::host);
    }

    /** Processes a head; returns whether its host was not up before. */
    boolean seen(Message.LedgerHead head, Instant now) {
        HostRow before = rows.put(
                head.host(), new HostRow(head.host(), true, now, head.height(), head.version(), head.checkpoint()));
        heard.put(head.host(), new Heard(nanoTime.getAsLong(), awayAfterNs(head)));
        boolean hasCome = before == null || !before.up();
        if (hasCome) {
            say("cluster.up", head.host(), head.height(), head.version());
        }
        return hasCome;
    }

    private long awayAfterNs(Message.LedgerHead head) {
        long promisedMs = Math.max(intervalMs, Math.min(head.nextMs(), INTERVAL_MAX_MS));
        return TimeUnit.MILLISECONDS.toNanos(AWAY_AFTER_INTERVALS * promisedMs);
    }

    /** Finds the hosts that have fallen silent. */
    void look() {
        long now = nanoTime.getAsLong();
        rows.replaceAll((host, row) -> {
            Heard last = heard.get(host);
            boolean hasGone = row.up() && last != null && now - last.atNs() > last.awayAfterNs();
            if (hasGone) {
                say("cluster.away", host, row.height(), row.version());
            }
            return hasGone ? row.away() : row;
        });
    }

    private void say(String what, String host, long height, String version) {
        OptionalLong silent = lines.next(host);
        if (silent.isPresent()) {
            LOG.info(
                    "{} host={} height={} version={}{}",
                    what,
                    host,
                    height,
                    version,
                    silent.getAsLong() == 0 ? "" : ", and " + silent.getAsLong() + " times more before");
        }
    }

    /** Removes these hosts, because they left the cluster or must make room. */
    void forget(Set<String> hosts) {
        rows.keySet().removeAll(hosts);
        heard.keySet().removeAll(hosts);
    }
}
