// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.merkle;

import java.util.ArrayList;
import java.util.List;
import org.opdbus.ledger.text.Sha256;

/**
 * Consecutive leaves, hashed into the largest subtrees of the whole tree that they fill. It needs only the position
 * of the leaves and not the earlier leaves, so pieces can be made at the same time and joined later.
 *
 * @param first the position of the first leaf, counted from 0
 * @param subtrees in order
 */
public record MerklePiece(long first, List<Subtree> subtrees) {
    /** A full subtree of 2^level leaves. */
    // A carrier that is never compared; a list of bytes would cost a copy.
    @SuppressWarnings("ArrayRecordComponent")
    record Subtree(int level, byte[] root) {}

    public static MerklePiece of(long first, byte[] leaves, int count, Sha256 sha) {
        List<Subtree> subtrees = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int level = 0;
            byte[] root = Sha256.at(leaves, i);
            // A set bit means that there is a subtree of this size to the left; it may be in the
            // piece before.
            for (long place = first + i; (place & 1) == 1 && endsWith(level, subtrees); place >>= 1) {
                root = sha.node(subtrees.remove(subtrees.size() - 1).root(), root);
                level++;
            }
            subtrees.add(new Subtree(level, root));
        }
        return new MerklePiece(first, subtrees);
    }

    private static boolean endsWith(int level, List<Subtree> subtrees) {
        return !subtrees.isEmpty() && subtrees.get(subtrees.size() - 1).level() == level;
    }

    /** Adds the piece to a tree of all earlier leaves. */
    public void addTo(MerkleRange tree) {
        if (tree.size() != first) {
            throw new IllegalArgumentException("a piece from leaf " + first + " on does not follow " + tree.size());
        }
        subtrees.forEach(subtree -> tree.add(subtree.root(), subtree.level()));
    }
}
