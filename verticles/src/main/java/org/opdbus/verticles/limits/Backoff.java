// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.limits;

import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before a failed attempt is made again. The delay doubles with each failure in a row up to a limit, and is
 * spread at random over its upper half, so that many that failed at once do not come again at once. Safe for use by any
 * thread.
 *
 * @param firstMs the longest delay after the first failure
 * @param lastMs the longest delay of all
 */
public record Backoff(long firstMs, long lastMs) {
    private static final int DOUBLINGS_MAX = 30;

    public Backoff {
        if (firstMs < 1 || lastMs < firstMs || lastMs > Long.MAX_VALUE >> 1) {
            throw new IllegalArgumentException("a backoff from " + firstMs + " to " + lastMs + " ms");
        }
    }

    /** The delay after so many failures in a row, in milliseconds, at least 1. */
    public long delayMs(int failures) {
        int doublings = Math.min(DOUBLINGS_MAX, Math.max(0, failures - 1));
        long full = firstMs > lastMs >> doublings ? lastMs : firstMs << doublings;
        return full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1) + 1;
    }
}
