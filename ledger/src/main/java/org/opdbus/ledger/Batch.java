// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Drafts made into lines, chained to what precedes them, that go to disk by one write and one sync. Filled under the
 * lock of the {@link Backlog}; once taken from there it belongs to whoever took it.
 */
final class Batch {
    /**
     * A draft, what it has been made into, and who waits for that to be on disk.
     *
     * @param hashAt where in the lines the digits of its hash begin
     * @param own whether it is the ledger's own, so that its loss is no loss of a fact
     */
    record Waiting(
            Draft draft, long height, Instant time, int hashAt, CompletableFuture<Entry> entry, boolean own) {}

    private final Optional<LeavesFile.Start> segmentStart;
    private final LineWriter lines;
    private final String host;
    private final byte[] prev;
    private final ArrayList<Waiting> waiting = new ArrayList<>();
    private byte[] leaves = new byte[16 * Sha256.BYTES];
    private MerkleRange tree;
    private byte[] hash;
    private long draftBytes;
    private long lost;

    /**
     * A batch with nothing in it.
     *
     * @param segmentStart what precedes it, if it is to begin a segment
     * @param tree over everything before it
     * @param prev the hash of the last entry before it
     */
    Batch(String host, LineWriter lines, Optional<LeavesFile.Start> segmentStart, MerkleRange tree, byte[] prev) {
        this.host = host;
        this.segmentStart = segmentStart;
        this.tree = tree;
        this.prev = prev;
        this.lines = lines;
        hash = prev;
        lines.cut(0);
    }

    /** Makes a draft into the next line. If that fails, for want of memory, nothing has changed. */
    void add(EntryFormat.Prepared draft, Instant time, CompletableFuture<Entry> entry, boolean own) {
        int linesTo = lines.length();
        int leavesTo = leavesLength();
        boolean added = false;
        try {
            if (leavesTo == leaves.length) {
                leaves = Arrays.copyOf(leaves, 2 * leaves.length);
            }
            waiting.ensureCapacity(waiting.size() + 1);
            long height = tree.size() + 1;
            LineWriter.Written written = lines.write(draft, height, time, hash);
            System.arraycopy(written.leaf(), 0, leaves, leavesTo, Sha256.BYTES);
            Waiting last = new Waiting(draft.draft(), height, time, written.hashAt(), entry, own);
            tree.add(written.leaf());
            waiting.add(last);
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

    long lost() {
        return lost;
    }

    /** Nothing is added any more: what comes next goes on with a tree of its own. */
    MerkleRange seal() {
        MerkleRange next = tree;
        tree = tree.copy();
        return next;
    }

    /** What precedes the segment that this begins; empty if it goes on with the present one. */
    Optional<LeavesFile.Start> segmentStart() {
        return segmentStart;
    }

    byte[] bytes() {
        return lines.bytes();
    }

    int length() {
        return lines.length();
    }

    byte[] leaves() {
        return leaves;
    }

    int leavesLength() {
        return waiting.size() * Sha256.BYTES;
    }

    /** Over everything up to the last line in here. */
    MerkleRange tree() {
        return tree;
    }

    /** Of the last line in here. */
    byte[] hash() {
        return hash;
    }

    int entries() {
        return waiting.size();
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
        for (Waiting each : waiting) {
            String own = lines.hash(each.hashAt());
            Draft draft = each.draft();
            each.entry()
                    .complete(new Entry(
                            each.height(), each.time(), host, draft.kind(), draft.subject(), draft.data(), before, own));
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
