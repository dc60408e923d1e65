// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.function.Predicate;
import org.opdbus.events.ContainerId;

/**
 * A listing in progress. It ends when every monitor that was asked has answered, or when its time
 * is over.
 */
final class Listing {
    /** The monitors that may not have answered yet. */
    private final Deque<ContainerId> asked = new ArrayDeque<>();

    private long ends = Long.MAX_VALUE;

    /**
     * Begins a listing with these questions, or adds them to the listing in progress. Times are
     * those of {@link System#nanoTime()}.
     */
    void begin(Collection<ContainerId> questions, long now, long limit) {
        asked.clear();
        asked.addAll(questions);
        ends = questions.isEmpty() ? now : Math.min(ends, now + limit);
    }

    /**
     * Returns when to check for the end, if no answer comes earlier; Long.MAX_VALUE if no listing
     * is in progress.
     */
    long due() {
        return ends;
    }

    /** Returns whether the listing has just ended; true only once per listing. */
    boolean finish(long now, Predicate<ContainerId> isPending) {
        // Each answer is looked at once, however many monitors were asked.
        while (!asked.isEmpty() && !isPending.test(asked.peek())) {
            asked.remove();
        }
        if (ends == Long.MAX_VALUE || (now < ends && !asked.isEmpty())) {
            return false;
        }
        asked.clear();
        ends = Long.MAX_VALUE;
        return true;
    }
}
