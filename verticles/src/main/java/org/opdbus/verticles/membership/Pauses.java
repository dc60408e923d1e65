// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the next attempt: doubling, capped, and spread so that many hosts do not come at once. */
final class Pauses {
    private static final long FIRST_MS = 1_000;
    private static final long LAST_MS = 60_000;
    private static final int DOUBLINGS_MAX = 6;

    private Pauses() {}

    /** Returns the pause after this many failures in a row, in milliseconds. */
    static long beforeAttempt(int failures) {
        long full = Math.min(LAST_MS, FIRST_MS << Math.min(DOUBLINGS_MAX, Math.max(0, failures - 1)));
        return full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1) + 1;
    }
}
