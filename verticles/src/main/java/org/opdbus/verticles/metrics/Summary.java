// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.metrics;

import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A few of the meters, for faces that show how they go.
 *
 * @param facts how many facts the bus has told since the start
 * @param enrolled how many links were enrolled since the start
 * @param refused how many links were refused since the start
 * @param enrolments the times from a running container to its live port
 * @param queues the length of each queue, by the part of the agent that owns it
 */
public record Summary(long facts, long enrolled, long refused, Times enrolments, Map<String, Integer> queues) {
    public Summary {
        queues = Map.copyOf(queues);
    }

    /**
     * Times that were measured.
     *
     * @param count how many since the start
     * @param totalMs all of them together
     * @param maxMs the longest of the last minutes
     */
    public record Times(long count, double totalMs, double maxMs) {
        static Times of(Timer timer) {
            return new Times(timer.count(), timer.totalTime(TimeUnit.MILLISECONDS), timer.max(TimeUnit.MILLISECONDS));
        }
    }
}
