// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.util.Collection;
import java.util.Set;
import java.util.function.Predicate;
import org.opdbus.events.ContainerId;

/**
 * A listing in progress. It ends when every monitor that was asked has answered, or when its time
 * is over.
 */
final class Listing {
    private Set<ContainerId> asked = Set.of();
    private long ends = Long.MAX_VALUE;

    /**
     * Begins a listing with these questions, or adds them to the listing in progress. Times are
     * those of {@link System#nanoTime()}.
     */
    void begin(Collection<ContainerId> questions, long now, long limit) {
        asked = Set.copyOf(questions);
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
        if (ends == Long.MAX_VALUE || (now < ends && asked.stream().anyMatch(isPending))) {
            return false;
        }
        asked = Set.of();
        ends = Long.MAX_VALUE;
        return true;
    }
}
