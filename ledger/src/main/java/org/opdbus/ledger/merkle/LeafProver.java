// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.merkle;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.text.Sha256;

/**
 * Makes consistency proofs (RFC 6962 section 2.1.2) from the leaf hashes beside the segments. It reads no entry, and no
 * segment that ends before the older checkpoint, so its cost grows with what came since that checkpoint and not with the
 * ledger. The leaf hashes are derived, so a proof is returned only if it leads to the roots of both checkpoints.
 */
public final class LeafProver {
    private static final int LEAVES_AT_ONCE = 4096;

    private final LedgerDirectory directory;

    private LeafProver(LedgerDirectory directory) {
        this.directory = directory;
    }

    /** Creates a prover for the ledger in a directory. */
    public static LeafProver of(Path dir) {
        return new LeafProver(new LedgerDirectory(dir));
    }

    /**
     * Proves that the ledger of an older checkpoint is the beginning of a newer one's; empty if the leaf hashes do not prove
     * it, which does not mean that it is not so.
     *
     * @throws org.opdbus.ledger.LedgerException if the directory is not a ledger or cannot be read
     */
    public Optional<ConsistencyProof> consistency(Checkpoint older, Checkpoint newer) {
        if (older.size() == 0 || older.size() > newer.size()) {
            return Optional.empty();
        }
        return hashes(older.size(), newer.size())
                .filter(proof ->
                        MerklePaths.isConsistent(older.size(), older.rootHash(), newer.size(), newer.rootHash(), proof))
                .map(proof -> new ConsistencyProof(older, newer, proof));
    }

    private Optional<List<byte[]>> hashes(long older, long newer) {
        List<LedgerDirectory.Segment> segments = directory.existing().stream()
                .filter(segment -> segment.first() <= newer)
                .toList();
        int at = segments.size() - 1;
        while (at > 0 && segments.get(at).first() > older) {
            at--;
        }
        Optional<MerkleRange> start = at < 0 ? Optional.empty() : before(segments.get(at));
        if (start.isEmpty()) {
            return Optional.empty();
        }
        Subtrees subtrees = new Subtrees(start.get(), older, newer);
        for (; at < segments.size(); at++) {
            if (!read(segments.get(at), subtrees)) {
                return Optional.empty();
            }
        }
        return subtrees.hashes();
    }

    private Optional<MerkleRange> before(LedgerDirectory.Segment segment) {
        return segment.first() == 1
                ? Optional.of(new MerkleRange())
                : LeavesFile.start(directory, segment.first()).map(LeavesFile.Start::tree);
    }

    /** Returns whether the segment begins where the one before it ended. */
    private boolean read(LedgerDirectory.Segment segment, Subtrees subtrees) {
        if (segment.first() != subtrees.read + 1) {
            return false;
        }
        byte[] leaves;
        do {
            leaves = LeavesFile.leaves(directory, segment.first(), subtrees.read + 1, LEAVES_AT_ONCE);
            for (int at = 0; at + Sha256.BYTES <= leaves.length; at += Sha256.BYTES) {
                subtrees.add(Arrays.copyOfRange(leaves, at, at + Sha256.BYTES));
            }
        } while (leaves.length == LEAVES_AT_ONCE * Sha256.BYTES && subtrees.read < subtrees.newer);
        return true;
    }

    /** The subtrees of one proof: full ones of the older tree, and those of the leaves that came since. */
    private static final class Subtrees {
        private final MerkleRange tree;
        private final long older;
        private final long newer;
        private final List<MerklePaths.Range> ranges;
        private final List<MerkleRange> since = new ArrayList<>();
        private long read;

        private Subtrees(MerkleRange tree, long older, long newer) {
            this.tree = tree;
            this.older = older;
            this.newer = newer;
            ranges = MerklePaths.consistency(older, newer);
            ranges.forEach(range -> since.add(new MerkleRange()));
            read = tree.size();
        }

        private void add(byte[] leaf) {
            long index = read;
            read++;
            if (index < older) {
                tree.add(leaf);
            } else if (index < newer) {
                for (int i = 0; i < ranges.size(); i++) {
                    if (index >= ranges.get(i).from() && index < ranges.get(i).to()) {
                        since.get(i).add(leaf);
                    }
                }
            }
        }

        /** Returns the root of each; empty if leaves are missing. */
        private Optional<List<byte[]>> hashes() {
            if (read < newer || tree.size() != older) {
                return Optional.empty();
            }
            Map<MerklePaths.Range, byte[]> full = new HashMap<>();
            long from = 0;
            for (byte[] subtree : tree.subtrees()) {
                long to = from + Long.highestOneBit(older - from);
                full.put(new MerklePaths.Range(from, to), subtree);
                from = to;
            }
            List<byte[]> hashes = new ArrayList<>();
            for (int i = 0; i < ranges.size(); i++) {
                hashes.add(full.getOrDefault(ranges.get(i), since.get(i).root()));
            }
            return Optional.of(hashes);
        }
    }
}
