// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.limits;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The bytes that all callers together may make the agent hold: answers that they do not read, and requests that they do not
 * finish. Beyond the limit the callers for whom most is held are ended, until the rest is within it. For any thread.
 */
public final class ByteBudget {
    /** The part of the heap; the agent's own work needs about a third of its 96 MiB. */
    private static final int HEAP_PART = 8;

    private final long limit;
    private final long bound;
    private final Set<Share> shares = new HashSet<>();
    private long held;
    /** What is held for callers that have been told to end and are not gone yet. */
    private long ending;

    /** A budget of so many bytes. While callers are being ended, a quarter more may be held for a moment. */
    public ByteBudget(long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a budget must be at least 1 byte");
        }
        this.limit = limit;
        bound = limit + limit / 4;
    }

    /** The eighth part of the largest heap that this program may have. */
    public static ByteBudget ofHeap() {
        return new ByteBudget(Runtime.getRuntime().maxMemory() / HEAP_PART);
    }

    /** A budget that never ends anyone. */
    public static ByteBudget unlimited() {
        return new ByteBudget(Long.MAX_VALUE / 2);
    }

    /** How many bytes are held for all callers. */
    public synchronized long held() {
        return held;
    }

    /**
     * A share for a new caller.
     *
     * @param end ends the caller, who then closes its share; called once at most, on any thread, and must not wait
     */
    public synchronized Share open(Runnable end) {
        Share share = new Share(end);
        shares.add(share);
        return share;
    }

    /** What is held for one caller. */
    public final class Share implements AutoCloseable {
        private final Runnable end;
        private long bytes;
        private boolean isEnding;
        private boolean isClosed;

        private Share(Runnable end) {
            this.end = end;
        }

        /**
         * Takes bytes, if the caller may have them; others may be ended for that.
         *
         * @return false if nothing was taken, because this caller itself holds most of all or is being ended; its connection
         *     is to be closed
         */
        public boolean take(long more) {
            List<Share> largest = new ArrayList<>();
            boolean isTaken = reserve(this, more, largest);
            largest.forEach(share -> share.end.run());
            return isTaken;
        }

        /** Gives back bytes that were taken. */
        public void give(long fewer) {
            synchronized (ByteBudget.this) {
                if (!isClosed) {
                    count(this, -fewer);
                }
            }
        }

        /** Gives everything back. */
        @Override
        public void close() {
            synchronized (ByteBudget.this) {
                if (!isClosed) {
                    count(this, -bytes);
                    isClosed = true;
                    shares.remove(this);
                }
            }
        }
    }

    private synchronized boolean reserve(Share share, long more, List<Share> largest) {
        if (share.isClosed || share.isEnding) {
            return false;
        }
        count(share, more);
        while (held - ending > limit) {
            Optional<Share> most =
                    shares.stream().filter(each -> !each.isEnding).max(Comparator.comparingLong(each -> each.bytes));
            if (most.isEmpty() || most.get() == share) {
                count(share, -more);
                return false;
            }
            most.get().isEnding = true;
            ending += most.get().bytes;
            largest.add(most.get());
        }
        if (held > bound) {
            count(share, -more);
            return false;
        }
        return true;
    }

    private void count(Share share, long change) {
        share.bytes += change;
        held += change;
        if (share.isEnding) {
            ending += change;
        }
    }
}
