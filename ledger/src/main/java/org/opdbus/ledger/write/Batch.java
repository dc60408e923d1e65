// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.write;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.EntryFormat;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.LineWriter;

/**
 * Drafts made into lines, chained to the entries before them, that go to disk by one write and one sync. Filled under
 * the lock of the {@link Backlog}; afterwards it belongs to the code that took it from there.
 */
final class Batch {
    /**
     * A draft, its line, and the caller that waits for it to be on disk.
     *
     * @param hashAt where in the lines the digits of its hash begin
     * @param end where its line ends
     * @param own whether it is the ledger's own, so that its loss is not the loss of a fact
     */
    private record Waiting(
            Draft draft, Instant time, int hashAt, int end, CompletableFuture<Entry> entry, boolean own) {}

    private final String host;
    private final LineWriter lines;
    private final boolean beginsSegment;
    private final long firstHeight;
    private final byte[] prev;
    private final ArrayList<Waiting> waiting = new ArrayList<>();
    private byte[] hash;
    private long draftBytes;
    private long lost;

    /**
     * Creates an empty batch.
     *
     * @param lines memory for its lines
     * @param beginsSegment whether a segment must begin with it
     * @param heightBefore the height of the entry before it
     * @param prev the hash of that entry
     */
    Batch(String host, LineWriter lines, boolean beginsSegment, long heightBefore, byte[] prev) {
        this.host = host;
        this.lines = lines;
        this.beginsSegment = beginsSegment;
        firstHeight = heightBefore + 1;
        this.prev = prev;
        hash = prev;
        lines.cut(0);
    }

    /** Makes a draft into the next line. If that fails for lack of memory, nothing has changed. */
    void add(EntryFormat.Prepared draft, Instant time, CompletableFuture<Entry> entry, boolean own) {
        int linesTo = lines.length();
        boolean added = false;
        try {
            LineWriter.Written written = lines.write(draft, firstHeight + waiting.size(), time, hash);
            waiting.add(new Waiting(draft.draft(), time, written.hashAt(), lines.length() - 1, entry, own));
            hash = written.hash();
            draftBytes += draft.bytes();
            added = true;
        } finally {
            if (!added) {
                lines.cut(linesTo);
            }
        }
    }

    /**
     * Notes that an entry in this batch reports this many lost facts; if it is lost too, they must be reported again.
     */
    void reports(long lostFacts) {
        lost += lostFacts;
    }

    /** Returns how many lost facts this batch reports. */
    long lost() {
        return lost;
    }

    boolean beginsSegment() {
        return beginsSegment;
    }

    long firstHeight() {
        return firstHeight;
    }

    long lastHeight() {
        return firstHeight + waiting.size() - 1;
    }

    /** Returns the hash of the entry before the first in this batch. */
    byte[] prev() {
        return prev;
    }

    /** Returns the hash of the last entry in this batch. */
    byte[] hash() {
        return hash;
    }

    int entries() {
        return waiting.size();
    }

    /** Returns the position of a line's newline in the bytes; lines count from 0. */
    int lineEnd(int index) {
        return waiting.get(index).end();
    }

    byte[] bytes() {
        return lines.bytes();
    }

    int length() {
        return lines.length();
    }

    long draftBytes() {
        return draftBytes;
    }

    /** Returns the memory of the lines, when they are no longer read. */
    LineWriter lines() {
        return lines;
    }

    /** Passes the entries to the waiting callers. They must be on disk. */
    void complete() {
        String before = HexFormat.of().formatHex(prev);
        long height = firstHeight;
        for (Waiting each : waiting) {
            String own = lines.hash(each.hashAt());
            Draft draft = each.draft();
            each.entry()
                    .complete(new Entry(
                            height++, each.time(), host, draft.kind(), draft.subject(), draft.data(), before, own));
            before = own;
        }
    }

    /** Fails the waiting callers; returns how many facts that loses. */
    long fail(LedgerException.Reason reason, String why, Optional<Throwable> cause) {
        long failed = lost;
        for (Waiting each : waiting) {
            LedgerException failure = new LedgerException(
                    reason, "cannot record a " + each.draft().kind() + ": " + why, cause.orElse(null));
            if (each.entry().completeExceptionally(failure) && !each.own()) {
                failed++;
            }
        }
        return failed;
    }
}
