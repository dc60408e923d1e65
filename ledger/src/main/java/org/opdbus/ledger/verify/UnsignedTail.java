// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.verify;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.merkle.LeavesFile;
import org.opdbus.ledger.merkle.MerkleRange;
import org.opdbus.ledger.read.Chunk;
import org.opdbus.ledger.text.Sha256;

/**
 * The entries after those that a checkpoint covers. During the scan it records where the first of them begins, and
 * where reading can begin again to compare them with a later checkpoint.
 */
final class UnsignedTail {
    private final LedgerDirectory directory;
    private final long signed;
    private LeavesFile.Start start = new LeavesFile.Start(0, new byte[Sha256.BYTES], new MerkleRange());
    private Optional<Path> file = Optional.empty();
    private long offset;

    /** Creates the tail after this many signed entries. */
    UnsignedTail(LedgerDirectory directory, long signed) {
        this.directory = directory;
        this.signed = signed;
    }

    /** Some lines are valid; this is the tree before them. */
    void lines(Chunk.Checked checked, MerkleRange before) {
        if (checked.chunk().offset() == 0 && before.size() <= signed) {
            start = new LeavesFile.Start(before.size(), checked.firstPrev(), before.copy());
        }
        long skipped = signed - before.size();
        if (file.isEmpty() && skipped >= 0 && skipped < checked.good()) {
            file = Optional.of(checked.chunk().segment().file());
            offset = checked.chunk().offset() + lengthOf(checked.chunk().bytes(), skipped);
        }
    }

    private static int lengthOf(byte[] bytes, long lines) {
        int at = 0;
        for (long left = lines; left > 0; at++) {
            left -= bytes[at] == '\n' ? 1 : 0;
        }
        return at;
    }

    /**
     * Returns whether the entries from the signed ones on lead to the root of a later checkpoint; reads them once
     * more.
     *
     * @param rest receives the position of the entries that this checkpoint does not cover either
     */
    boolean leadsTo(Checkpoint later, UnsignedTail rest) {
        MerkleRange tree = start.tree().copy();
        List<LedgerDirectory.Segment> segments = directory.existing().stream()
                .filter(segment -> segment.first() > start.height())
                .toList();
        LedgerScan.Outcome outcome = new LedgerScan(segments, start.height(), start.hash(), (checked, first) -> {
                    rest.lines(checked, tree);
                    for (int i = 0; i < checked.good() && tree.size() < later.size(); i++) {
                        tree.add(checked.leaf(i));
                    }
                })
                .run();
        return outcome.height() >= later.size() && Arrays.equals(tree.root(), later.rootHash());
    }

    /** Returns the finding if the host has signed other entries than these. */
    Finding otherThanSigned(Checkpoint later) {
        return new Finding(
                Verification.Verdict.DAMAGED,
                signed + 1,
                file.orElse(directory.path()),
                offset,
                "the entries from here on do not match the checkpoint of " + later.size()
                        + " entries that was signed meanwhile");
    }

    /** Returns the notice about them where they are allowed. */
    String notice(long height) {
        return heights(height) + " not signed";
    }

    private String heights(long height) {
        return signed + 1 == height ? "entry " + height + " is" : "entries " + (signed + 1) + " to " + height + " are";
    }

    /** Returns the finding about entries up to a height that no checkpoint covers. */
    Finding finding(long height) {
        return new Finding(
                Verification.Verdict.UNSIGNED_TAIL,
                signed + 1,
                file.orElse(directory.path()),
                offset,
                heights(height) + " not signed: the checkpoint covers the " + signed
                        + " before, and no running agent has signed more. An agent that ended "
                        + "suddenly leaves such entries, and so can any user who may write here; "
                        + "the next start of the agent adopts them and records which they are");
    }
}
