// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.journal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs jumps of the host's clock. The agent waits by another clock, so nothing comes too early or too late. But times
 * in the log and in the ledger are then not in order, and their readers should know why. A host that slept looks the
 * same. For one thread at a time.
 */
public final class ClockWatch {
    /** Larger than the slewing of a clock between two looks, and than any delay of a thread between two readings. */
    private static final Duration TOLERANCE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger("op-dbus");

    private final InstantSource wall;
    private final LongSupplier nanoTime;
    private Instant lastWall;
    private long lastNanos;

    public ClockWatch(InstantSource wall, LongSupplier nanoTime) {
        this.wall = wall;
        this.nanoTime = nanoTime;
        lastWall = wall.instant();
        lastNanos = nanoTime.getAsLong();
    }

    /** Compares the progress of both clocks since the last look, and logs a difference. */
    public synchronized void look() {
        jump().ifPresent(by -> LOG.warn(
                "clock.jumped by={} now={} note=\"times before this line are by the clock before "
                        + "the jump; the agent waits by another clock\"",
                by,
                lastWall));
    }

    /** Returns how far the host's clock has jumped since the last look, to the second; empty if it has not. */
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
