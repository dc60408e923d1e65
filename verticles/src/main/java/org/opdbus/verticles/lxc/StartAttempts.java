// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.opdbus.events.ContainerId;

/**
 * When to try to reach the monitor of which container: at once after a trace of its start, and again after growing pauses,
 * because some traces come before the monitor listens.
 *
 * <p>Each container has its own series, of twelve attempts at most and no more than one a millisecond, however many traces
 * there are. Times are those of {@link System#nanoTime()}. For one thread.
 */
final class StartAttempts {
    /** The number of containers with a series at the same time; the caller lists everything when there are more. */
    static final int CONTAINERS_MAX = 4_096;

    private static final long FIRST_PAUSE = 1_000_000;
    /**
     * Pauses of 1, 2, 4, … 1024 ms, so that an attempt still succeeds if a program was stopped for two seconds in the
     * middle of a start.
     */
    private static final long LAST_PAUSE = 1_024 * FIRST_PAUSE;

    private static final long NO_SERIES = Long.MAX_VALUE;

    private final Map<ContainerId, Attempt> attempts = new HashMap<>();
    private final TreeSet<Attempt> inOrder =
            new TreeSet<>(Comparator.comparingLong(Attempt::due).thenComparing(Attempt::id));

    /**
     * The next attempt of a series.
     *
     * @param pause the pause after this attempt
     * @param rest the time before which no attempt follows the last one
     */
    private record Attempt(ContainerId id, long due, long pause, long rest) {}

    /** Begins the container's series anew; returns false if there are too many. */
    boolean begin(ContainerId id, long now) {
        Attempt before = attempts.get(id);
        if (before == null && attempts.size() >= CONTAINERS_MAX) {
            return false;
        }
        long rest = before == null ? now : before.rest();
        put(new Attempt(id, Math.max(now, rest), FIRST_PAUSE, rest));
        return true;
    }

    /** Asks for one attempt at this time, or earlier if the container's series has one. */
    void at(ContainerId id, long time) {
        Attempt before = attempts.get(id);
        if (before == null) {
            put(new Attempt(id, time, NO_SERIES, time));
        } else if (time < before.due()) {
            put(new Attempt(id, time, before.pause(), before.rest()));
        }
    }

    /** Ends the container's series. */
    void forget(ContainerId id) {
        Attempt ended = attempts.remove(id);
        if (ended != null) {
            inOrder.remove(ended);
        }
    }

    /** Returns when the next attempt is due; Long.MAX_VALUE for never. */
    long due() {
        return inOrder.isEmpty() ? Long.MAX_VALUE : inOrder.first().due();
    }

    /** Returns the containers whose monitors are to be tried now; the next attempt of each series follows by itself. */
    List<ContainerId> take(long now) {
        List<ContainerId> taken = new ArrayList<>();
        while (due() <= now) {
            Attempt attempt = inOrder.first();
            forget(attempt.id());
            taken.add(attempt.id());
            if (attempt.pause() <= LAST_PAUSE) {
                put(new Attempt(attempt.id(), now + attempt.pause(), 2 * attempt.pause(), now + FIRST_PAUSE));
            }
        }
        return taken;
    }

    private void put(Attempt attempt) {
        forget(attempt.id());
        attempts.put(attempt.id(), attempt);
        inOrder.add(attempt);
    }
}
