// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.write;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.EntryFormat;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.LineWriter;
import org.opdbus.ledger.text.EntryTime;

/**
 * The queue for the disk, limited in number and in bytes. It makes a draft into its line, chained and hashed, as soon
 * as it arrives and on the caller's thread, so that the disk, which is the slowest part, never waits for a
 * computation.
 *
 * <p>Overflow rule: a full queue refuses a new draft at once; the waiting ones stay. It counts refused drafts, and
 * the ledger records the count.
 */
final class Backlog {
    /** The size of one write: enough to make the sync cheap, and small enough to be quick. */
    private static final int COMMIT_BYTES_MAX = 4 * 1024 * 1024;

    /**
     * How long the writing thread looks for more drafts before it sleeps: a caller that waits for each entry before
     * it appends the next returns within this time, and waking a thread takes as long as a good part of a sync.
     */
    private static final long SPIN_NS =
            Runtime.getRuntime().availableProcessors() > 1 ? TimeUnit.MICROSECONDS.toNanos(50) : 0;

    /** With more callers than this, one of them has appended a draft by the time a sync is done. */
    private static final int FEW = 16;

    private static final int SPARES = 3;

    private final LedgerOptions options;
    private final int overhead;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Batch> batches = new ArrayDeque<>();
    private final Deque<LineWriter> spares = new ArrayDeque<>();

    // The chain and the segment as they will be when everything in this queue is on disk.
    private long height;
    private byte[] hash;
    private long segmentBytes;

    private volatile int waiting;
    private int takenLast;
    private long bytes;
    private long overflowed;
    private long refused;
    private Optional<String> refusal = Optional.empty();
    /** The adoption at the start, if it could not be recorded yet: the next batch tries again. */
    private Optional<Runnable> adoptAgain = Optional.empty();

    private volatile boolean closed;

    /**
     * The end of a chain.
     *
     * @param height of the last entry
     * @param hash of the last entry
     * @param segmentBytes the size of its segment
     */
    // A carrier that is never compared; a list of bytes would cost a copy.
    @SuppressWarnings("ArrayRecordComponent")
    record OnDisk(long height, byte[] hash, long segmentBytes) {}

    /** Creates a queue that continues from what is on disk. */
    Backlog(LedgerOptions options, OnDisk last) {
        this.options = options;
        height = last.height();
        hash = last.hash();
        segmentBytes = last.segmentBytes();
        // The parts of an entry other than its draft are smaller than this; a segment may end a
        // little early.
        overhead = 400 + options.host().length();
    }

    /** Takes a draft, or returns why not. */
    Optional<LedgerException> offer(EntryFormat.Prepared draft, CompletableFuture<Entry> entry) {
        lock.lock();
        try {
            if (closed) {
                return Optional.of(new LedgerException(
                        LedgerException.Reason.CLOSED, "cannot record anything: the ledger is closed"));
            }
            if (refusal.isPresent()) {
                refused++;
                return Optional.of(refused(LedgerException.Reason.DEGRADED, draft, refusal.get()));
            }
            if (waiting >= options.queueMax() || (waiting > 0 && bytes + draft.bytes() > options.queueBytesMax())) {
                overflowed++;
                return Optional.of(
                        refused(LedgerException.Reason.OVERFLOW, draft, waiting + " drafts wait for the disk already"));
            }
            add(draft, entry, false);
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Records what was adopted at the start, before every draft, and tries again until it is on disk.
     *
     * @param onDisk receives the height of that entry once it is on disk
     */
    void adopt(Draft draft, LongConsumer onDisk) {
        lock.lock();
        try {
            CompletableFuture<Entry> entry = new CompletableFuture<>();
            CompletableFuture<Void> unused = entry.handle((recorded, failure) -> {
                if (failure == null) {
                    onDisk.accept(recorded.height());
                } else {
                    againLater(() -> adopt(draft, onDisk));
                }
                return null;
            });
            add(EntryFormat.prepare(draft), entry, true);
        } finally {
            lock.unlock();
        }
    }

    private void againLater(Runnable adopting) {
        lock.lock();
        try {
            adoptAgain = Optional.of(adopting);
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many drafts wait for the disk; any thread may call it. */
    int waiting() {
        return waiting;
    }

    private static LedgerException refused(LedgerException.Reason reason, EntryFormat.Prepared draft, String why) {
        return new LedgerException(reason, "cannot record a " + draft.draft().kind() + ": " + why);
    }

    // Called only with the lock, which makes the counting of a volatile safe; it is volatile so
    // that other threads can read it without the lock.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private Batch add(EntryFormat.Prepared draft, CompletableFuture<Entry> entry, boolean own) {
        Batch batch = batchFor((long) draft.bytes() + overhead);
        int before = batch.length();
        batch.add(draft, EntryTime.truncate(options.clock().instant()), entry, own);
        height = batch.lastHeight();
        hash = batch.hash();
        segmentBytes += batch.length() - before;
        bytes += draft.bytes();
        if (waiting++ == 0) {
            changed.signalAll();
        }
        return batch;
    }

    /** Returns the batch for a line of at most this many bytes. */
    private Batch batchFor(long lineBytes) {
        boolean segmentEnds = segmentBytes > 0 && segmentBytes + lineBytes > options.segmentBytesMax();
        Batch last = batches.peekLast();
        if (last != null && !segmentEnds && last.length() < COMMIT_BYTES_MAX) {
            return last;
        }
        if (segmentEnds) {
            segmentBytes = 0;
        }
        LineWriter spare = spares.poll();
        LineWriter lines = spare == null ? new LineWriter(options.host()) : spare;
        Batch batch = new Batch(options.host(), lines, segmentEnds, height, hash);
        batches.add(batch);
        return batch;
    }

    /** Waits for drafts and takes what must be written next; nothing when the queue is closed and empty. */
    Optional<Batch> take() throws InterruptedException {
        if (waiting == 0 && takenLast <= FEW) {
            long until = System.nanoTime() + SPIN_NS;
            while (waiting == 0 && !closed && System.nanoTime() < until) {
                Thread.onSpinWait();
            }
        }
        lock.lock();
        try {
            while (waiting == 0 && !closed) {
                changed.await();
            }
            if (waiting > 0 && overflowed > 0) {
                add(ours("ledger.overflowed", Map.of("lost", overflowed)), new CompletableFuture<>(), true)
                        .reports(overflowed);
                overflowed = 0;
            }
            return Optional.ofNullable(poll());
        } finally {
            lock.unlock();
        }
    }

    // As above: with the lock.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private @Nullable Batch poll() {
        Batch batch = batches.poll();
        if (batch != null) {
            takenLast = batch.entries();
            waiting -= batch.entries();
            bytes -= batch.draftBytes();
        }
        return batch;
    }

    /** Returns whether nothing waits at this moment. */
    boolean isEmpty() {
        return waiting == 0;
    }

    /** Takes back memory for lines. */
    void recycle(Batch batch) {
        lock.lock();
        try {
            if (spares.size() < SPARES) {
                spares.add(batch.lines());
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * From now on drafts are refused for this reason, and counted. Returns the waiting drafts, which cannot follow
     * any more.
     */
    List<Batch> refuse(String reason) {
        lock.lock();
        try {
            refusal = Optional.of(reason);
            List<Batch> left = new ArrayList<>(batches);
            batches.clear();
            waiting = 0;
            bytes = 0;
            return left;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Accepts drafts again, and continues from what is on disk; the first entry says how many were lost.
     *
     * @param lostBefore how many were lost in addition to those that have been refused since
     * @param draft makes the record from the number of lost drafts
     */
    Batch admit(OnDisk last, long lostBefore, LongFunction<Draft> draft) {
        lock.lock();
        try {
            height = last.height();
            hash = last.hash();
            segmentBytes = last.segmentBytes();
            long lost = lostBefore + refused + overflowed;
            refused = 0;
            overflowed = 0;
            refusal = Optional.empty();
            add(EntryFormat.prepare(draft.apply(lost)), new CompletableFuture<>(), true)
                    .reports(lost);
            adoptAgain.ifPresent(Runnable::run);
            adoptAgain = Optional.empty();
            return Objects.requireNonNull(poll(), "the batch just begun");
        } finally {
            lock.unlock();
        }
    }

    private static EntryFormat.Prepared ours(String kind, Map<String, Object> data) {
        return EntryFormat.prepare(new Draft(kind, "ledger", data));
    }

    /** Waits this long, or until the queue is closed; returns whether it is. */
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

    /** Accepts no more drafts; the waiting ones can still be taken. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
