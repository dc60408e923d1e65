// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.limits;

import java.util.concurrent.TimeUnit;

/**
 * How fast callers are served, all of them together: some at once after a quiet time, and then so many in a second (a token
 * bucket). For one thread.
 */
public final class Pace {
    private final long eachNs;
    private final long ahead;
    /** When what was taken so far is paid for. */
    private long paidAtNs;

    /**
     * A pace that nothing was taken from yet.
     *
     * @param perSecond how many there may be in a second for long
     * @param atOnce how many there may be without a wait after a quiet time
     * @param nowNs the time, of {@link System#nanoTime}
     */
    public Pace(int perSecond, int atOnce, long nowNs) {
        eachNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
        ahead = atOnce * eachNs;
        paidAtNs = nowNs;
    }

    /** Takes one; says how long to wait before it, in nanoseconds, or 0. */
    public long take(long nowNs) {
        paidAtNs = (paidAtNs - nowNs > 0 ? paidAtNs : nowNs) + eachNs;
        return Math.max(0, paidAtNs - nowNs - ahead);
    }

    /** Says how long one that was taken now would have to wait, in nanoseconds, or 0; takes nothing. */
    public long waitNs(long nowNs) {
        return Math.max(0, paidAtNs - nowNs + eachNs - ahead);
    }

    /** Returns whether everything that was taken is paid for, so that nothing is different from a new pace. */
    public boolean isRested(long nowNs) {
        return paidAtNs - nowNs <= 0;
    }
}
