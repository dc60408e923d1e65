// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The heights of the facts of one run, by their sequence, for the last facts up to a limit. The ledger keeps facts in
 * nearly the order of their sequence: two facts that happen at once on two threads may change places, by less than
 * {@value #DISORDER}. Not safe for use by several threads.
 */
final class Heights {
    static final int DISORDER = 64;

    private final int max;
    private long[] sequences = new long[64];
    private long[] heights = new long[64];
    private int start;
    private int size;

    /** Creates a memory for this many of the last facts; a power of two of at least 64. */
    Heights(int max) {
        this.max = max;
    }

    /** Stores one more; returns the sequence of the fact that was dropped for it, or 0. */
    long add(long sequence, long height) {
        long forgotten = 0;
        if (size == max) {
            forgotten = sequences[start];
            start = (start + 1) & (sequences.length - 1);
            size--;
        } else if (size == sequences.length) {
            grow();
        }
        int at = size;
        while (at > 0 && sequence(at - 1) > sequence) {
            put(at, sequence(at - 1), height(at - 1));
            at--;
        }
        put(at, sequence, height);
        size++;
        return forgotten;
    }

    private void grow() {
        long[] wasSequences = sequences;
        long[] wasHeights = heights;
        int length = wasSequences.length;
        sequences = Arrays.copyOfRange(wasSequences, start, start + 2 * length);
        heights = Arrays.copyOfRange(wasHeights, start, start + 2 * length);
        System.arraycopy(wasSequences, 0, sequences, length - start, start);
        System.arraycopy(wasHeights, 0, heights, length - start, start);
        start = 0;
    }

    private void put(int index, long sequence, long height) {
        int at = (start + index) & (sequences.length - 1);
        sequences[at] = sequence;
        heights[at] = height;
    }

    private long sequence(int index) {
        return sequences[(start + index) & (sequences.length - 1)];
    }

    private long height(int index) {
        return heights[(start + index) & (heights.length - 1)];
    }

    /**
     * Returns the exact heights of the facts of these sequences, both ends included; without those that are not
     * stored.
     */
    List<HeightRanges.Range> of(long from, long to) {
        HeightRanges ranges = new HeightRanges();
        int end = indexOf(to + 1);
        for (int i = indexOf(from); i < end; i++) {
            ranges.add(height(i));
        }
        return ranges.list();
    }

    /** Returns the last sequence up to which no more than this many facts, from this one on, are stored. */
    long lastOf(long from, int count) {
        int after = indexOf(from) + count;
        return after < size ? sequence(after) - 1 : Long.MAX_VALUE - 1;
    }

    /** Returns the lowest height of a fact after this sequence; empty if none is stored. */
    Optional<Long> firstAfter(long sequence) {
        int begin = indexOf(sequence + 1);
        long low = Long.MAX_VALUE;
        for (int i = begin; i < size && i <= begin + DISORDER; i++) {
            low = Math.min(low, height(i));
        }
        return begin < size ? Optional.of(low) : Optional.empty();
    }

    /** Returns the index of the first fact of this sequence or a later one. */
    private int indexOf(long sequence) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sequence(middle) < sequence) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
