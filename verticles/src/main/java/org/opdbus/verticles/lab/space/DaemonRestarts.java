// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.space;

import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.limits.Backoff;

/** When the daemons of a lab are started again. Safe for use by any thread. */
final class DaemonRestarts {
    private static final Backoff PAUSE = new Backoff(100, 30_000);
    /** Daemons that ran for so long are no failure in a row. */
    private static final long LASTED_NS = TimeUnit.MINUTES.toNanos(1);

    private boolean underWay;
    private int failures;
    private long last = System.nanoTime();

    /** Returns whether a restart begins, because none waits already. */
    synchronized boolean begin() {
        if (underWay) {
            return false;
        }
        underWay = true;
        long now = System.nanoTime();
        failures = now - last > LASTED_NS ? 1 : failures + 1;
        last = now;
        return true;
    }

    synchronized long delayMs() {
        return PAUSE.delayMs(failures);
    }

    /** Says that the restart does not wait any more: an end that is heard from now on needs another one. */
    synchronized void end() {
        underWay = false;
    }
}
