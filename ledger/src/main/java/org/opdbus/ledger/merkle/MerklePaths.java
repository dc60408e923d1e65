// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.merkle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.opdbus.ledger.text.Sha256;

/** Computes the subtrees of a proof, and the roots that a proof leads to (RFC 6962 sections 2.1.1 and 2.1.2). */
public final class MerklePaths {
    private MerklePaths() {}

    /**
     * A run of leaves whose tree's root is part of a proof.
     *
     * @param from its first leaf, counted from 0
     * @param to the leaf after its last
     */
    public record Range(long from, long to) {}

    /** Returns the subtrees that lead from one leaf to the root, beginning with the leaf's neighbour. */
    public static List<Range> inclusion(long leaf, long size) {
        List<Range> path = new ArrayList<>();
        inclusion(leaf, 0, size, path);
        return path;
    }

    private static void inclusion(long leaf, long from, long to, List<Range> path) {
        if (to - from == 1) {
            return;
        }
        long middle = from + split(to - from);
        if (leaf < middle) {
            inclusion(leaf, from, middle, path);
            path.add(new Range(middle, to));
        } else {
            inclusion(leaf, middle, to, path);
            path.add(new Range(from, middle));
        }
    }

    /** Returns the subtrees that show that a tree is the beginning of a larger one. */
    public static List<Range> consistency(long older, long size) {
        List<Range> path = new ArrayList<>();
        if (older > 0) {
            consistency(older, 0, size, true, path);
        }
        return path;
    }

    private static void consistency(long older, long from, long to, boolean whole, List<Range> path) {
        if (older == to) {
            if (!whole) {
                path.add(new Range(from, to));
            }
            return;
        }
        long middle = from + split(to - from);
        if (older <= middle) {
            consistency(older, from, middle, whole, path);
            path.add(new Range(middle, to));
        } else {
            consistency(older, middle, to, false, path);
            path.add(new Range(from, middle));
        }
    }

    /** Returns the root that a leaf and its path lead to; empty if the path does not have the required length. */
    static Optional<byte[]> root(byte[] leafHash, long leaf, long size, List<byte[]> path) {
        if (path.size() != inclusion(leaf, size).size()) {
            return Optional.empty();
        }
        return Optional.of(root(new Sha256(), leafHash, leaf, size, path));
    }

    private static byte[] root(Sha256 sha, byte[] leafHash, long leaf, long size, List<byte[]> path) {
        if (size == 1) {
            return leafHash;
        }
        byte[] sibling = path.get(path.size() - 1);
        List<byte[]> below = path.subList(0, path.size() - 1);
        long middle = split(size);
        return leaf < middle
                ? sha.node(root(sha, leafHash, leaf, middle, below), sibling)
                : sha.node(sibling, root(sha, leafHash, leaf - middle, size - middle, below));
    }

    /** Returns whether a proof leads from one root to the other. */
    public static boolean isConsistent(long older, byte[] olderRoot, long size, byte[] root, List<byte[]> proof) {
        if (older > size || proof.size() != consistency(older, size).size()) {
            return false;
        }
        if (older == 0) {
            return Arrays.equals(olderRoot, new MerkleRange().root());
        }
        Roots roots = roots(new Sha256(), older, size, Optional.of(olderRoot), proof);
        return Arrays.equals(roots.older(), olderRoot) && Arrays.equals(roots.newer(), root);
    }

    // A carrier that is never compared; a list of bytes would cost a copy.
    @SuppressWarnings("ArrayRecordComponent")
    private record Roots(byte[] older, byte[] newer) {}

    private static Roots roots(Sha256 sha, long older, long size, Optional<byte[]> whole, List<byte[]> proof) {
        if (older == size) {
            byte[] hash = whole.orElseGet(() -> proof.get(0));
            return new Roots(hash, hash);
        }
        byte[] sibling = proof.get(proof.size() - 1);
        List<byte[]> below = proof.subList(0, proof.size() - 1);
        long middle = split(size);
        if (older <= middle) {
            Roots left = roots(sha, older, middle, whole, below);
            return new Roots(left.older(), sha.node(left.newer(), sibling));
        }
        Roots right = roots(sha, older - middle, size - middle, Optional.empty(), below);
        return new Roots(sha.node(sibling, right.older()), sha.node(sibling, right.newer()));
    }

    /** Returns the largest power of two that is smaller than the size, which is at least 2. */
    private static long split(long size) {
        return Long.highestOneBit(size - 1);
    }
}
