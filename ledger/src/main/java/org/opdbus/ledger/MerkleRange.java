// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.util.ArrayList;
import java.util.List;

/**
 * The Merkle tree of RFC 6962 section 2.1 over the leaves so far, kept as the roots of its full subtrees, largest first:
 * as many hashes as the size has one-bits. Adding a leaf costs O(log n) at worst and two hashes on average.
 */
final class MerkleRange {
    private final Sha256 sha = new Sha256();
    private final List<byte[]> subtrees;
    private long size;

    MerkleRange() {
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

    MerkleRange copy() {
        return new MerkleRange(size, subtrees);
    }

    long size() {
        return size;
    }

    List<byte[]> subtrees() {
        return List.copyOf(subtrees);
    }

    void add(byte[] leafHash) {
        byte[] hash = leafHash;
        // Each trailing one-bit of the size is a full subtree that this leaf completes a larger one with.
        for (long bits = size; (bits & 1) == 1; bits >>= 1) {
            hash = sha.node(subtrees.remove(subtrees.size() - 1), hash);
        }
        subtrees.add(hash);
        size++;
    }

    byte[] root() {
        if (subtrees.isEmpty()) {
            return Sha256.of(new byte[0]);
        }
        byte[] hash = subtrees.get(subtrees.size() - 1);
        for (int i = subtrees.size() - 2; i >= 0; i--) {
            hash = sha.node(subtrees.get(i), hash);
        }
        return hash;
    }
}
