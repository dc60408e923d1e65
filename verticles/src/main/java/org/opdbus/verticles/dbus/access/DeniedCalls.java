// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.access;

import io.vertx.core.Vertx;
import java.util.EnumMap;
import java.util.Map;
import org.opdbus.verticles.dbus.service.CallerRights.Question;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs refused calls. The first of a kind is logged at once. Those that follow are counted, and one line tells their number after
 * a second, and then after twice the time, up to a minute, for as long as they keep coming. One object lives as long as the agent.
 */
public final class DeniedCalls {
    private static final Logger LOG = LoggerFactory.getLogger(DeniedCalls.class);
    private static final long QUIET_MS_MIN = 1_000;
    private static final long QUIET_MS_MAX = 60_000;

    private final Vertx vertx;
    private final Map<Denial, Count> counts = new EnumMap<>(Denial.class);

    private static final class Count {
        private long all;
        private long unlogged;
        private boolean isQuiet;
    }

    /** Creates an object whose calls will all be on one event loop. */
    public DeniedCalls(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Returns how many calls were refused so far. */
    public long count() {
        return counts.values().stream().mapToLong(each -> each.all).sum();
    }

    /**
     * Counts a refused call.
     *
     * @param caller who calls, in words that the bus has given
     */
    void refused(Denial why, Question question, String caller) {
        Count count = counts.computeIfAbsent(why, first -> new Count());
        count.all++;
        if (count.isQuiet) {
            count.unlogged++;
            return;
        }
        LOG.warn(
                "dbus=refused operation={} {} reason=\"{}\" count={}",
                question.operation(),
                caller,
                why.why(),
                count.all);
        beQuiet(why, count, QUIET_MS_MIN);
    }

    private void beQuiet(Denial why, Count count, long timeMs) {
        count.isQuiet = true;
        vertx.setTimer(timeMs, over -> {
            count.isQuiet = false;
            if (count.unlogged > 0) {
                LOG.warn("dbus=refused suppressed={} reason=\"{}\" count={}", count.unlogged, why.why(), count.all);
                count.unlogged = 0;
                beQuiet(why, count, Math.min(2 * timeMs, QUIET_MS_MAX));
            }
        });
    }
}
