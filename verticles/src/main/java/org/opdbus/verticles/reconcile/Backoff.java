// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the n-th attempt: doubling, capped, and spread so that many do not come at once. */
final class Backoff {
    private static final long FIRST_MS = 50;
    private static final long LAST_MS = 30_000;
    private static final int DOUBLINGS_MAX = 10;

    private Backoff() {}

    /** The delay after so many failures in a row, in milliseconds, at least 1. */
    static long delayMs(int failures) {
        long full = Math.min(LAST_MS, FIRST_MS << Math.min(DOUBLINGS_MAX, Math.max(0, failures - 1)));
        return full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1) + 1;
    }
}
