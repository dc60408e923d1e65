// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.limits;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Admits a limited number of log lines per name in {@value #MINUTES} minutes, and counts the others. The number of
 * names is limited too: the name that is stored longest is dropped first. Safe for use by any thread.
 */
public final class LogLimit {
    public static final int MINUTES = 10;
    private static final int NAMES_MAX = 2048;

    private final int linesMax;
    private final LongSupplier nanoTime;
    private final Map<String, Count> counts = new LinkedHashMap<>();

    private record Count(long since, int said, long silent) {}

    public LogLimit(int linesMax, LongSupplier nanoTime) {
        this.linesMax = linesMax;
        this.nanoTime = nanoTime;
    }

    /** Returns whether a line may be logged now, with the number of lines that were suppressed before it. */
    public synchronized OptionalLong next(String name) {
        long now = nanoTime.getAsLong();
        Count count = counts.remove(name);
        if (counts.size() >= NAMES_MAX) {
            counts.remove(counts.keySet().iterator().next());
        }
        if (count == null || now - count.since() >= TimeUnit.MINUTES.toNanos(MINUTES)) {
            counts.put(name, new Count(now, 1, 0));
            return OptionalLong.of(count == null ? 0 : count.silent());
        }
        long silent = count.silent();
        if (count.said() < linesMax) {
            counts.put(name, new Count(count.since(), count.said() + 1, 0));
            return OptionalLong.of(silent);
        }
        counts.put(name, new Count(count.since(), count.said(), silent + 1));
        return OptionalLong.empty();
    }
}
