// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Says when a host shows its head to all others next. The interval grows with the number of hosts, from the shortest one
 * up to {@value #INTERVAL_MAX_MS} ms. So a host in a cluster of 500 hears no more heads a second than one in a cluster of
 * 100. Every head that a host shows to all begins the interval anew, also one after a commit. The next one comes up to an
 * eighth earlier, so that hosts which began at one moment do not go on together.
 *
 * <p>Each head promises an interval to its receivers. A longer one is promised by several heads before it is used. So a
 * receiver to which a head promised p, and which then misses the next three, hears another one within four times p. For
 * use by one thread.
 */
public final class HeadPace {
    private static final long FOR_EACH_HOST_MS = 20;
    private static final long INTERVAL_MAX_MS = 10_000;
    private static final int EARLIER_PART = 8;

    private final long shortestMs;
    private final RandomGenerator jitter;
    /** What the latest heads promised, the oldest at the present place. */
    private final long[] promisesMs = new long[FailureDetector.AWAY_AFTER_INTERVALS];

    private int place;
    private long promisedMs;
    private long dueMs = Long.MIN_VALUE;

    /**
     * The first head is due at once.
     *
     * @param shortestMs the interval in a small cluster, in which it is the same for all
     */
    public HeadPace(long shortestMs, RandomGenerator jitter) {
        this.shortestMs = shortestMs;
        this.jitter = jitter;
        promisedMs = shortestMs;
        Arrays.fill(promisesMs, shortestMs);
    }

    public boolean isDue(long nowMs) {
        return nowMs >= dueMs;
    }

    /** Returns how long a receiver of the latest head may have to wait for the next one. */
    public long promisedMs() {
        return promisedMs;
    }

    /**
     * A head is shown to all hosts now.
     *
     * @param hosts the number of hosts that are up, with this one
     */
    public void shown(int hosts, long nowMs) {
        promisedMs = Math.max(shortestMs, Math.min(FOR_EACH_HOST_MS * hosts, INTERVAL_MAX_MS));
        promisesMs[place] = promisedMs;
        place = (place + 1) % promisesMs.length;
        long intervalMs = Arrays.stream(promisesMs).min().orElse(promisedMs);
        dueMs = nowMs + intervalMs - jitter.nextLong(intervalMs / EARLIER_PART + 1);
    }
}
