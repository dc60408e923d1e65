// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.merkle;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.opdbus.ledger.text.Sha256;

/**
 * The Merkle tree of RFC 6962 section 2.1 over the leaves so far, stored as the roots of its full subtrees, largest
 * first: as many hashes as the size has one-bits. Adding a leaf costs O(log n) at worst and two hashes on average.
 */
public final class MerkleRange {
    private final List<byte[]> subtrees;
    private long size;
    /** Made on first use: most copies never hash anything. */
    private @Nullable Sha256 sha;

    public MerkleRange() {
        this(0, List.of());
    }

    MerkleRange(long size, List<byte[]> subtrees) {
        if (subtrees.size() != Long.bitCount(size)) {
            throw new IllegalArgumentException(
                    "a tree of " + size + " leaves has no " + subtrees.size() + " full subtrees");
        }
        this.size = size;
        this.subtrees = new ArrayList<>(subtrees);
    }

    public MerkleRange copy() {
        return new MerkleRange(size, subtrees);
    }

    public long size() {
        return size;
    }

    List<byte[]> subtrees() {
        return List.copyOf(subtrees);
    }

    /** Adds a leaf. If that fails for lack of memory, nothing has changed. */
    public void add(byte[] leafHash) {
        add(leafHash, 0);
    }

    /** Adds a full subtree of 2^level leaves; this number must divide the size. */
    void add(byte[] subtree, int level) {
        byte[] hash = subtree;
        int left = subtrees.size();
        // For each one-bit of the size from the level on there is a full subtree, which together
        // with this one makes a larger one.
        for (long bits = size >> level; (bits & 1) == 1; bits >>= 1) {
            hash = sha().node(subtrees.get(--left), hash);
        }
        subtrees.subList(left, subtrees.size()).clear();
        subtrees.add(hash);
        size += 1L << level;
    }

    private Sha256 sha() {
        Sha256 made = sha;
        if (made == null) {
            made = new Sha256();
            sha = made;
        }
        return made;
    }

    public byte[] root() {
        if (subtrees.isEmpty()) {
            return Sha256.of(new byte[0]);
        }
        byte[] hash = subtrees.get(subtrees.size() - 1);
        for (int i = subtrees.size() - 2; i >= 0; i--) {
            hash = sha().node(subtrees.get(i), hash);
        }
        return hash;
    }
}
