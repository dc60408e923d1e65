// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.merkle.ConsistencyProof;
import org.opdbus.ledger.merkle.InclusionProof;
import org.opdbus.ledger.merkle.MerklePaths;
import org.opdbus.ledger.merkle.MerkleRange;
import org.opdbus.ledger.read.LedgerReader;

/**
 * Makes proofs from a ledger's files. It reads every entry and uses no derived file: a proof that it returns leads to
 * the root in the checkpoint; otherwise it returns none. It takes the time of a verification, and memory for a few
 * hundred hashes.
 */
public final class LedgerProver {
    private final LedgerDirectory directory;

    private LedgerProver(LedgerDirectory directory) {
        this.directory = directory;
    }

    /** Creates a prover for the ledger in a directory. */
    public static LedgerProver of(Path dir) {
        return new LedgerProver(new LedgerDirectory(dir));
    }

    /**
     * Proves that an entry is among those that the present checkpoint covers.
     *
     * @throws LedgerException if there is no such entry or the checkpoint does not cover it yet (NO_SUCH_ENTRY), or the
     *     ledger does not verify (DAMAGED)
     */
    public InclusionProof inclusion(long height) {
        Checkpoint checkpoint = checkpoint();
        if (height < 1 || height > checkpoint.size()) {
            throw new LedgerException(
                    LedgerException.Reason.NO_SUCH_ENTRY,
                    "no entry " + height + " to prove: the checkpoint covers entries 1 to " + checkpoint.size());
        }
        Entry entry = LedgerReader.of(directory.path()).entry(height);
        List<byte[]> path = hashes(MerklePaths.inclusion(height - 1, checkpoint.size()), checkpoint);
        return new InclusionProof(entry, path, checkpoint);
    }

    /** Proves that the ledger of an older checkpoint is the beginning of the present one. */
    public ConsistencyProof consistency(Checkpoint older) {
        return consistency(older, checkpoint());
    }

    /**
     * Proves that the ledger of an older checkpoint is the beginning of a newer one's.
     *
     * @throws LedgerException if it is not (BAD_PROOF), or the ledger does not verify (DAMAGED)
     */
    public ConsistencyProof consistency(Checkpoint older, Checkpoint newer) {
        if (older.size() > newer.size()) {
            throw new LedgerException(
                    LedgerException.Reason.BAD_PROOF,
                    "the older checkpoint has " + older.size() + " entries, the newer one only " + newer.size());
        }
        List<byte[]> proof = hashes(MerklePaths.consistency(older.size(), newer.size()), newer);
        if (!MerklePaths.isConsistent(older.size(), older.rootHash(), newer.size(), newer.rootHash(), proof)) {
            throw new LedgerException(
                    LedgerException.Reason.BAD_PROOF,
                    "the ledger of the newer checkpoint does not begin with the older one's " + older.size()
                            + " entries: history was rewritten");
        }
        return new ConsistencyProof(older, newer, proof);
    }

    private Checkpoint checkpoint() {
        directory.existing();
        return Checkpoint.read(directory.checkpoint())
                .orElseThrow(() -> new LedgerException(
                        LedgerException.Reason.KEY, "the ledger " + directory.path() + " has no checkpoint"));
    }

    /** Computes the root of each range, in one pass over the entries. */
    private List<byte[]> hashes(List<MerklePaths.Range> ranges, Checkpoint checkpoint) {
        List<MerkleRange> trees = new ArrayList<>();
        ranges.forEach(range -> trees.add(new MerkleRange()));
        MerkleRange whole = new MerkleRange();
        LedgerScan.Outcome outcome = LedgerScan.whole(directory.existing(), (checked, first) -> {
                    for (int i = 0; i < checked.good() && whole.size() < checkpoint.size(); i++) {
                        byte[] leaf = checked.leaf(i);
                        long index = whole.size();
                        whole.add(leaf);
                        for (int r = 0; r < trees.size(); r++) {
                            MerklePaths.Range range = ranges.get(r);
                            if (index >= range.from() && index < range.to()) {
                                trees.get(r).add(leaf);
                            }
                        }
                    }
                })
                .run();
        if (outcome.finding().isPresent()) {
            throw new LedgerException(
                    LedgerException.Reason.DAMAGED,
                    "cannot prove anything: " + outcome.finding().get());
        }
        if (whole.size() != checkpoint.size() || !Arrays.equals(whole.root(), checkpoint.rootHash())) {
            throw new LedgerException(
                    LedgerException.Reason.DAMAGED,
                    "cannot prove anything: the entries in " + directory.path() + " do not match the checkpoint of "
                            + checkpoint.size() + " entries");
        }
        return trees.stream().map(MerkleRange::root).toList();
    }
}
