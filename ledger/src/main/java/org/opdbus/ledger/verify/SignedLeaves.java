// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.verify;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.NotRegularFileException;
import org.opdbus.ledger.merkle.LeavesFile;
import org.opdbus.ledger.merkle.MerkleRange;
import org.opdbus.ledger.read.Chunk;
import org.opdbus.ledger.read.ChunkReader;
import org.opdbus.ledger.text.Sha256;

/**
 * The leaf hashes as evidence of what was signed. They are trusted if the root over them is the one in the
 * checkpoint, because then they are the hashes of the entries that it covers.
 */
final class SignedLeaves {
    private static final int LEAVES_AT_ONCE = 4096;

    private final LedgerDirectory directory;
    private final Checkpoint checkpoint;

    SignedLeaves(LedgerDirectory directory, Checkpoint checkpoint) {
        this.directory = directory;
        this.checkpoint = checkpoint;
    }

    /**
     * Returns the first line that differs from the signed one; empty if there is none or the leaf hashes cannot show
     * it.
     */
    Optional<Finding> firstDifference(List<LedgerDirectory.Segment> segments) {
        return areSigned(segments) ? compare(segments) : Optional.empty();
    }

    private boolean areSigned(List<LedgerDirectory.Segment> segments) {
        MerkleRange tree = new MerkleRange();
        for (LedgerDirectory.Segment segment : segments) {
            if (segment.first() != tree.size() + 1) {
                return false;
            }
            byte[] leaves;
            do {
                leaves = LeavesFile.leaves(directory, segment.first(), tree.size() + 1, LEAVES_AT_ONCE);
                for (int at = 0;
                        at + Sha256.BYTES <= leaves.length && tree.size() < checkpoint.size();
                        at += Sha256.BYTES) {
                    tree.add(Arrays.copyOfRange(leaves, at, at + Sha256.BYTES));
                }
            } while (leaves.length == LEAVES_AT_ONCE * Sha256.BYTES && tree.size() < checkpoint.size());
        }
        return tree.size() == checkpoint.size() && Arrays.equals(tree.root(), checkpoint.rootHash());
    }

    private Optional<Finding> compare(List<LedgerDirectory.Segment> segments) {
        Sha256 sha = new Sha256();
        byte[] own = new byte[Sha256.BYTES];
        for (LedgerDirectory.Segment segment : segments) {
            long height = segment.first();
            if (height > checkpoint.size()) {
                return Optional.empty();
            }
            byte[] leaves = new byte[0];
            int at = 0;
            try (ChunkReader reader = new ChunkReader(segment)) {
                Optional<Chunk> next = reader.next();
                while (next.isPresent()) {
                    Chunk chunk = next.get();
                    byte[] bytes = chunk.bytes();
                    for (int from = 0, to; from < chunk.length(); from = to + 1) {
                        to = from;
                        while (to < chunk.length() && bytes[to] != '\n') {
                            to++;
                        }
                        if (height > checkpoint.size()) {
                            return Optional.empty();
                        }
                        if (at == leaves.length) {
                            leaves = LeavesFile.leaves(directory, segment.first(), height, LEAVES_AT_ONCE);
                            at = 0;
                        }
                        sha.leaf(bytes, from, to - from, own, 0);
                        if (at + Sha256.BYTES > leaves.length
                                || !Arrays.equals(own, 0, own.length, leaves, at, at + Sha256.BYTES)) {
                            return Optional.of(new Finding(
                                    Verification.Verdict.DAMAGED,
                                    height,
                                    segment.file(),
                                    chunk.offset() + from,
                                    "this is not the entry that was signed"));
                        }
                        at += Sha256.BYTES;
                        height++;
                    }
                    next = reader.next();
                }
            } catch (NotRegularFileException e) {
                // It cannot be compared; the scan of the segments has reported it.
                return Optional.empty();
            } catch (IOException e) {
                throw LedgerException.io("cannot read the segment", segment.file(), e);
            }
        }
        return Optional.empty();
    }
}
