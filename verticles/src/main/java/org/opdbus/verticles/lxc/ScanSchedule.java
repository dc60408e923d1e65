// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

/**
 * When to look for command sockets: at once after a hint, and again after growing pauses, because
 * some hints come before the socket exists.
 *
 * <p>There are at most a hundred looks per second, regardless of the number of hints: one look
 * answers all hints that arrived in the rest after the look before. Times are nanoseconds of one
 * clock.
 */
final class ScanSchedule {
    private static final long FIRST_PAUSE = 1_000_000;
    /**
     * Pauses of 1, 2, 4, … 1024 ms, so that the watcher still sees a program that was stopped for
     * two seconds in the middle of a start.
     */
    private static final long LAST_PAUSE = 1024 * FIRST_PAUSE;

    /**
     * A start takes longer than this from the moment its monitor listens, so no start is over
     * before the next look.
     */
    private static final long REST = 10 * FIRST_PAUSE;

    private long due = Long.MAX_VALUE;
    private long restUntil = Long.MIN_VALUE;
    private long pause = Long.MAX_VALUE;

    /** Records that a container may have started. */
    void hint(long now) {
        pause = FIRST_PAUSE;
        at(now);
    }

    /** Asks for one look at this time, or soon after if that time is within a rest. */
    void at(long time) {
        due = Math.min(due, Math.max(time, restUntil));
    }

    boolean isDue(long now) {
        return due <= now;
    }

    /** Returns when the next look is due; Long.MAX_VALUE for never. */
    long due() {
        return due;
    }

    /** Records that a look was taken. */
    void looked(long now) {
        restUntil = now + REST;
        due = Long.MAX_VALUE;
        if (pause <= LAST_PAUSE) {
            at(now + pause);
            pause *= 2;
        }
    }
}
