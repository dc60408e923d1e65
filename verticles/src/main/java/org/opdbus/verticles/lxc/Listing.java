// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.util.Collection;
import java.util.Set;
import java.util.function.Predicate;
import org.opdbus.events.ContainerId;

/** A listing under way: it is over when every monitor that was asked has answered, or when its time is over. */
final class Listing {
    private Set<ContainerId> asked = Set.of();
    private long ends = Long.MAX_VALUE;

    /** Begins with these questions, or goes on with them; times are those of {@link System#nanoTime()}. */
    void begin(Collection<ContainerId> questions, long now, long limit) {
        asked = Set.copyOf(questions);
        ends = questions.isEmpty() ? now : Math.min(ends, now + limit);
    }

    /** When to look whether it is over, if no answer comes before; Long.MAX_VALUE if none is under way. */
    long due() {
        return ends;
    }

    /** Whether it is over by now; says so once. */
    boolean finish(long now, Predicate<ContainerId> isPending) {
        if (ends == Long.MAX_VALUE || (now < ends && asked.stream().anyMatch(isPending))) {
            return false;
        }
        asked = Set.of();
        ends = Long.MAX_VALUE;
        return true;
    }
}
