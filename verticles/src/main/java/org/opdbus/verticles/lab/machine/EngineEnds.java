// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.opdbus.events.ContainerId;

/**
 * Which containers have ended because their engine was stopped, and not by themselves. An engine that is stopped ends its containers
 * first, for which it takes up to some 20 seconds, and only then its stream of events. Safe for use by any thread.
 */
final class EngineEnds {
    private static final long BEFORE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final int KNOWN_MAX = 4_096;

    private final Map<ContainerId, Long> ends = new LinkedHashMap<>();
    private final Set<ContainerId> withEngine = new HashSet<>();
    private boolean away;

    /** A container has ended. */
    synchronized void ended(ContainerId id, long nowNs) {
        if (away) {
            withEngine.add(id);
        } else {
            if (ends.size() == KNOWN_MAX) {
                ends.clear();
            }
            ends.put(id, nowNs);
        }
    }

    /** A container has started, or is no more. */
    synchronized void forget(ContainerId id) {
        ends.remove(id);
        withEngine.remove(id);
    }

    /** The engine is not heard any more. */
    synchronized void lost(long nowNs) {
        away = true;
        ends.forEach((id, atNs) -> {
            if (nowNs - atNs < BEFORE_NS) {
                withEngine.add(id);
            }
        });
        ends.clear();
    }

    /** The engine is heard again, and has told of all its containers. */
    synchronized void listed() {
        away = false;
    }

    synchronized boolean isWithEngine(ContainerId id) {
        return withEngine.contains(id);
    }
}
