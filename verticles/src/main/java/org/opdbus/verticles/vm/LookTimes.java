// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.vm;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * When the processes of the host are looked at: at once for a tap that has just come or got its carrier, and again with growing
 * pauses until a machine explains it, a few times at most. Looks take a tenth of a processor at most. For one thread only.
 *
 * <p>All times are those of {@link System#nanoTime()}.
 */
final class LookTimes {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    /** libvirt makes the tap some tenths of a second before qemu gets it; a slow host needs longer. */
    private static final long[] PAUSES = {30 * MS, 100 * MS, 300 * MS, 1_000 * MS, 3_000 * MS, 10_000 * MS};

    private static final long PAUSE_LEAST = 20 * MS;
    private static final long PAUSE_BY_COST = 9;
    static final long NEVER = Long.MAX_VALUE;

    /** Begins with the start of the clock, so that no sum here can pass its end. */
    private final long origin;

    private final Map<Integer, Attempt> unexplained = new HashMap<>();
    private long notBefore;
    private long lastCost;

    private record Attempt(int number, long due) {}

    LookTimes(long now) {
        origin = now;
    }

    /** A tap that no known machine holds may have one now. */
    void want(int index, long now) {
        unexplained.put(index, new Attempt(0, now - origin));
    }

    /** A tap has gone. */
    void forget(int index) {
        unexplained.remove(index);
    }

    /** Returns the taps that no machine has explained yet. */
    Set<Integer> wanted() {
        return Set.copyOf(unexplained.keySet());
    }

    /** Returns in how many nanoseconds the next look is due, 0 if it is; {@link #NEVER} if none is wanted. */
    long leftAt(long now) {
        return unexplained.values().stream()
                .mapToLong(attempt -> Math.max(0, Math.max(attempt.due(), notBefore) - (now - origin)))
                .min()
                .orElse(NEVER);
    }

    /** A look was taken between these times, and these taps have a machine. */
    void looked(long began, long now, Set<Integer> explained) {
        unexplained.keySet().removeAll(explained);
        unexplained.replaceAll((index, attempt) -> attempt.due() > began - origin ? attempt : later(attempt, now));
        unexplained.values().removeIf(attempt -> attempt.number() > PAUSES.length);
        // The first look loads classes, and any can be held up by other programs: that is not what a look costs.
        long cost = Math.min(lastCost, now - began);
        lastCost = now - began;
        notBefore = now - origin + Math.max(PAUSE_LEAST, PAUSE_BY_COST * cost);
    }

    private Attempt later(Attempt attempt, long now) {
        int number = attempt.number() + 1;
        return new Attempt(number, number > PAUSES.length ? 0 : now - origin + PAUSES[number - 1]);
    }
}
