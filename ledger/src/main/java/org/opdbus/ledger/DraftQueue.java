// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The drafts that wait to be written, bounded in number and in bytes.
 *
 * <p>Overflow rule: a draft that finds the queue full is refused at once; the ones that wait stay. Refused drafts are
 * counted, and the ledger records the count.
 */
final class DraftQueue {
    /**
     * A draft and who waits for its entry.
     *
     * @param own whether it is the ledger's own, so that its loss is no loss of a fact
     */
    record Pending(EntryFormat.Prepared draft, CompletableFuture<Entry> entry, boolean own) {}

    private final int countMax;
    private final long bytesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Pending> waiting = new ArrayDeque<>();

    private long bytes;
    private long overflowed;
    private long refused;
    private Optional<String> refusal = Optional.empty();
    private boolean closed;

    DraftQueue(int countMax, long bytesMax) {
        this.countMax = countMax;
        this.bytesMax = bytesMax;
    }

    /** Takes a draft, or says why not. */
    Optional<LedgerException> offer(Pending pending) {
        lock.lock();
        try {
            if (closed) {
                return Optional.of(closedException());
            }
            if (refusal.isPresent()) {
                refused++;
                return Optional.of(new LedgerException(
                        LedgerException.Reason.DEGRADED,
                        "cannot record a " + pending.draft().draft().kind() + ": " + refusal.get()));
            }
            if (waiting.size() >= countMax
                    || (!waiting.isEmpty() && bytes + pending.draft().bytes() > bytesMax)) {
                overflowed++;
                return Optional.of(new LedgerException(
                        LedgerException.Reason.OVERFLOW,
                        "cannot record a " + pending.draft().draft().kind() + ": " + waiting.size()
                                + " drafts wait for the disk already"));
            }
            waiting.add(pending);
            bytes += pending.draft().bytes();
            if (waiting.size() == 1) {
                changed.signalAll();
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for drafts and takes all of them, up to so many bytes; nothing when the queue is closed and empty. */
    List<Pending> take(long bytesWanted) throws InterruptedException {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.await();
            }
            List<Pending> taken = new ArrayList<>(waiting.size());
            long takenBytes = 0;
            while (!waiting.isEmpty() && (takenBytes < bytesWanted || taken.isEmpty())) {
                Pending pending = waiting.remove();
                takenBytes += pending.draft().bytes();
                taken.add(pending);
            }
            bytes -= takenBytes;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** How many drafts found the queue full since the last time this was asked. */
    long takeOverflowed() {
        lock.lock();
        try {
            long count = overflowed;
            overflowed = 0;
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** From now on drafts are refused for this reason, and counted. What waits is handed back. */
    List<Pending> refuse(String reason) {
        lock.lock();
        try {
            refusal = Optional.of(reason);
            List<Pending> left = List.copyOf(waiting);
            waiting.clear();
            bytes = 0;
            return left;
        } finally {
            lock.unlock();
        }
    }

    /** Drafts are taken again; returns how many were refused since this was last asked. */
    long admit() {
        lock.lock();
        try {
            refusal = Optional.empty();
            long count = refused;
            refused = 0;
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Waits that long, or until the queue is closed; says whether it is. */
    boolean awaitClosed(Duration time) throws InterruptedException {
        lock.lock();
        try {
            long left = time.toNanos();
            while (left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more; what waits can still be taken. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    static LedgerException closedException() {
        return new LedgerException(LedgerException.Reason.CLOSED, "cannot record anything: the ledger is closed");
    }
}
