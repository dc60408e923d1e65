// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.limits;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Limits the bytes that all callers together can make the agent hold: answers that they do not
 * read, and requests that they do not finish. Beyond the limit it ends the callers for which the
 * agent holds most, until the rest is within the limit. For any thread.
 */
public final class ByteBudget {
    /** The share of the heap; the agent's own work needs about a third of its 96 MiB. */
    private static final int HEAP_PART = 12;

    private final long limit;
    private final long bound;
    private final Set<Share> shares = new HashSet<>();
    private long held;
    /** The bytes held for callers that are ending but have not closed yet. */
    private long ending;

    /**
     * Creates a budget of this many bytes. While callers are ending, a quarter more may be held for
     * a moment.
     */
    public ByteBudget(long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a budget must be at least 1 byte");
        }
        this.limit = limit;
        bound = limit + limit / 4;
    }

    /** Returns the twelfth part of the largest heap that this program may have. */
    public static ByteBudget ofHeap() {
        return new ByteBudget(Runtime.getRuntime().maxMemory() / HEAP_PART);
    }

    /** Returns a budget that never ends a caller. */
    public static ByteBudget unlimited() {
        return new ByteBudget(Long.MAX_VALUE / 2);
    }

    /** Returns how many bytes are held for all callers. */
    public synchronized long held() {
        return held;
    }

    /**
     * Returns a share for a new caller.
     *
     * @param end ends the caller, which then closes its share; called at most once, on any thread,
     * and must not block
     */
    public synchronized Share open(Runnable end) {
        Share share = new Share(end);
        shares.add(share);
        return share;
    }

    /** The bytes held for one caller. */
    public final class Share implements AutoCloseable {
        private final Runnable end;
        private long bytes;
        private boolean isEnding;
        private boolean isClosed;

        private Share(Runnable end) {
            this.end = end;
        }

        /**
         * Takes bytes, if the caller may have them; other callers may be ended for that.
         *
         * @return false if nothing was taken, because this caller itself holds most or is being
         * ended; its connection must be closed
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

        /** Gives back everything. */
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
