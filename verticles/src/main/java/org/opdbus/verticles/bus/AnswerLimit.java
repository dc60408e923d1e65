// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends the wait for answers that do not come. All senders wait equally long, so the oldest step is due first, and one timer
 * is enough for all. Safe for use by any thread.
 */
final class AnswerLimit {
    private final EventLoop timers;
    private final long limitNs;
    /** The steps without an answer, the oldest first, and when each is due ({@link System#nanoTime()}). */
    private final Map<SentStep, Long> waiting = new LinkedHashMap<>();

    private @Nullable Future<?> timer;

    AnswerLimit(EventLoop timers, long limitMs) {
        this.timers = timers;
        limitNs = TimeUnit.MILLISECONDS.toNanos(limitMs);
    }

    /** The wait for the answer to this step begins. */
    synchronized void begin(SentStep step) {
        waiting.put(step, System.nanoTime() + limitNs);
        if (timer == null) {
            arm(limitNs);
        }
    }

    /** The wait ends; returns false if it has ended before. */
    synchronized boolean end(SentStep step) {
        return waiting.remove(step) != null;
    }

    private void arm(long delayNs) {
        timer = timers.schedule(this::look, delayNs, TimeUnit.NANOSECONDS);
    }

    private void look() {
        due().forEach(step -> step.unanswered("TIMEOUT"));
    }

    /** Returns the steps whose time is up, and sets the timer for the next one. */
    private synchronized List<SentStep> due() {
        timer = null;
        long now = System.nanoTime();
        List<SentStep> due = new ArrayList<>();
        for (Iterator<Map.Entry<SentStep, Long>> steps = waiting.entrySet().iterator();
                steps.hasNext() && timer == null; ) {
            Map.Entry<SentStep, Long> step = steps.next();
            long leftNs = step.getValue() - now;
            if (leftNs > 0) {
                arm(leftNs);
            } else {
                due.add(step.getKey());
            }
        }
        return due;
    }
}
