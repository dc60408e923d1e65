// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says so when the host's clock has jumped. Nothing in the agent waits by that clock, so nothing comes too early or too
 * late; but times in the log and in the ledger then do not follow one another, and whoever reads them should know why. A
 * host that slept looks the same. For one thread at a time.
 */
final class ClockWatch {
    /** Larger than what a clock is slewed by between two looks, and than any delay of a thread between two readings. */
    private static final Duration TOLERANCE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger("op-dbus");

    private final InstantSource wall;
    private final LongSupplier nanoTime;
    private Instant lastWall;
    private long lastNanos;

    ClockWatch(InstantSource wall, LongSupplier nanoTime) {
        this.wall = wall;
        this.nanoTime = nanoTime;
        lastWall = wall.instant();
        lastNanos = nanoTime.getAsLong();
    }

    /** Compares how far both clocks have come since the last look, and logs it if that is not as far. */
    synchronized void look() {
        jump().ifPresent(by -> LOG.warn(
                "clock.jumped by={} now={} note=\"times before this line are by the clock as it was; nothing waits by it\"",
                by,
                lastWall));
    }

    /** How far the host's clock has jumped since the last look, to the second; empty if it has not. */
    synchronized Optional<Duration> jump() {
        Instant wallNow = wall.instant();
        long nanosNow = nanoTime.getAsLong();
        Duration jump = Duration.between(lastWall, wallNow).minusNanos(nanosNow - lastNanos);
        lastWall = wallNow;
        lastNanos = nanosNow;
        return jump.abs().compareTo(TOLERANCE) > 0
                ? Optional.of(Duration.ofSeconds(Math.round(jump.toMillis() / 1_000.0)))
                : Optional.empty();
    }
}
