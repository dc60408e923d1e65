// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.limits.Backoff;

/**
 * The monitors that could not be asked, and when the agent may ask each again: at once, then after pauses that double from 1 ms
 * to 1024 ms.
 */
final class Retries {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Backoff PAUSES = new Backoff(1, 1_024);

    private final Map<ContainerId, Retry> retries = new HashMap<>();

    private record Retry(int failures, long notBefore) {}

    /**
     * Records that the monitor did not answer; returns when to ask it again. Times are those of
     * {@link System#nanoTime()}.
     */
    long failed(ContainerId id, long now) {
        int failures = Optional.ofNullable(retries.get(id)).map(Retry::failures).orElse(0) + 1;
        // The first retry is immediate: the monitor that closed the connection may have made room
        // for the next one.
        long pause = failures == 1 ? 0 : MS * PAUSES.delayMs(failures - 1);
        retries.put(id, new Retry(failures, now + pause));
        return now + pause;
    }

    /** Forgets the failures of this container, because its monitor has answered, or no process listens any more. */
    void settled(ContainerId id) {
        retries.remove(id);
    }

    /** Returns whether the container's monitor must be asked again. */
    boolean waits(ContainerId id) {
        return retries.containsKey(id);
    }

    /** Returns the earliest time for the next question; empty if the agent may ask now. */
    OptionalLong notBefore(ContainerId id, long now) {
        Retry retry = retries.get(id);
        return retry == null || retry.notBefore() <= now ? OptionalLong.empty() : OptionalLong.of(retry.notBefore());
    }
}
