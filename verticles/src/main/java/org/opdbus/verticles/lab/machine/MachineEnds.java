// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.limits.Backoff;

/** The ends of one machine's processes: which are wanted, and how long to wait after one that is not. Safe for use by any thread. */
final class MachineEnds {
    private static final Backoff PAUSE = new Backoff(500, 60_000);
    /** A machine that ran for so long does not fail in a row. */
    private static final long LASTED_NS = TimeUnit.MINUTES.toNanos(1);
    /** An end that is wanted but never told must not be kept for ever. */
    private static final int WANTED_MAX = 64;

    private final Set<Long> wanted = new HashSet<>();
    private int failures;
    private int pausing;
    private long last = System.nanoTime();

    /** Says that this process is about to be ended. */
    synchronized void want(long pid) {
        if (wanted.size() == WANTED_MAX) {
            wanted.clear();
        }
        wanted.add(pid);
    }

    /** Takes note of an end; returns the pause in milliseconds if it was not wanted, which then begins. */
    synchronized OptionalLong ended(long pid) {
        if (wanted.remove(pid)) {
            return OptionalLong.empty();
        }
        long now = System.nanoTime();
        failures = now - last > LASTED_NS ? 1 : failures + 1;
        last = now;
        pausing++;
        return OptionalLong.of(PAUSE.delayMs(failures));
    }

    synchronized void pauseEnded() {
        pausing--;
    }

    synchronized boolean isPausing() {
        return pausing > 0;
    }
}
