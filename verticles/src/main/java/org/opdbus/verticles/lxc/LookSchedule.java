// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

/**
 * When to take a look that costs more the larger the host is: as soon as it is wanted, but not within a rest after the last
 * look. The rest is longer after a look that found nothing.
 *
 * <p>Times are those of {@link System#nanoTime()}.
 */
final class LookSchedule {
    private final long restAfterFinding;
    private final long restAfterNothing;
    private long due = Long.MAX_VALUE;
    private long restUntil = Long.MIN_VALUE;

    LookSchedule(long restAfterFinding, long restAfterNothing) {
        this.restAfterFinding = restAfterFinding;
        this.restAfterNothing = restAfterNothing;
    }

    /** Asks for one look at this time, or soon after if that time is within a rest. */
    void want(long time) {
        due = Math.min(due, Math.max(time, restUntil));
    }

    boolean isDue(long now) {
        return due <= now;
    }

    /** Returns when the next look is due; Long.MAX_VALUE for never. */
    long due() {
        return due;
    }

    /** Records that a look was taken, and whether it found something. */
    void looked(long now, boolean found) {
        restUntil = now + (found ? restAfterFinding : restAfterNothing);
        due = Long.MAX_VALUE;
    }

    /** Records that a listing has just shown what the wanted look would show. */
    void listed() {
        due = Long.MAX_VALUE;
    }
}
