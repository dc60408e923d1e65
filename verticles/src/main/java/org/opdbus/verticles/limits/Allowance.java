// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.limits;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Allows something a limited number of times per name and period, and counts what it did not allow: lines in the log about a host,
 * requests of an address. The number of names is limited too: the name that came last longest ago is dropped first. Safe for use by
 * any thread.
 */
public final class Allowance {
    private static final int NAMES_MAX = 4096;

    private final int timesMax;
    private final long periodNs;
    private final LongSupplier nanoTime;
    private final Map<String, Count> counts = new LinkedHashMap<>();

    private record Count(long since, int allowed, long refused) {}

    /**
     * Creates an allowance that was not used yet.
     *
     * @param timesMax how often each name is allowed in a period, which begins when the name comes for the first time
     */
    public Allowance(int timesMax, Duration period, LongSupplier nanoTime) {
        this.timesMax = timesMax;
        this.periodNs = period.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Returns how often this name was not allowed since the last time it was; empty if it is not allowed now. */
    public synchronized OptionalLong next(String name) {
        long now = nanoTime.getAsLong();
        Count count = counts.remove(name);
        if (counts.size() >= NAMES_MAX) {
            counts.remove(counts.keySet().iterator().next());
        }
        if (count == null || now - count.since() >= periodNs) {
            counts.put(name, new Count(now, 1, 0));
            return OptionalLong.of(count == null ? 0 : count.refused());
        }
        if (count.allowed() < timesMax) {
            counts.put(name, new Count(count.since(), count.allowed() + 1, 0));
            return OptionalLong.of(count.refused());
        }
        counts.put(name, new Count(count.since(), count.allowed(), count.refused() + 1));
        return OptionalLong.empty();
    }

    /** Forgets all names: each begins a period when it comes next. */
    public synchronized void forget() {
        counts.clear();
    }
}
