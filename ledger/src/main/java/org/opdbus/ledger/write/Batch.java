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
 * Drafts made into lines, chained to what precedes them, that go to disk by one write and one sync. Filled under the
 * lock of the {@link Backlog}; once taken from there it belongs to whoever took it.
 */
final class Batch {
    /**
     * A draft, what it has been made into, and who waits for that to be on disk.
     *
     * @param hashAt where in the lines the digits of its hash begin
     * @param end where its line ends
     * @param own whether it is the ledger's own, so that its loss is no loss of a fact
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
     * A batch with nothing in it.
     *
     * @param lines memory for its lines
     * @param beginsSegment whether a segment is to begin with it
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

    /** Makes a draft into the next line. If that fails, for want of memory, nothing has changed. */
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

    /** That so many facts were lost is what an entry in here says; if it is lost too, they are still to be reported. */
    void reports(long lostFacts) {
        lost += lostFacts;
    }

    /** How many lost facts are reported in here. */
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

    /** The hash of the entry before the first in here. */
    byte[] prev() {
        return prev;
    }

    /** The hash of the last entry in here. */
    byte[] hash() {
        return hash;
    }

    int entries() {
        return waiting.size();
    }

    /** Where in the bytes a line, counted from 0, has its newline. */
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

    /** The memory in which the lines are, once nobody reads them any more. */
    LineWriter lines() {
        return lines;
    }

    /** Hands the entries to those who wait for them. They must be on disk. */
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

    /** Tells those who wait that their entries will not come; returns how many facts that loses. */
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
