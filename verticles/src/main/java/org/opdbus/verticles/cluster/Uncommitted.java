// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.util.IdentityHashMap;
import java.util.TreeMap;
import org.opdbus.events.Event;

/**
 * Facts that the ledger is to keep and has not yet, at most so many and so many bytes of them: the oldest is given up
 * first. Not safe for use by several threads.
 */
final class Uncommitted {
    private final int max;
    private final long bytesMax;
    private final TreeMap<Long, Waiting> bySequence = new TreeMap<>();
    /** Which fact was kept is told by the very object that was published. */
    private final IdentityHashMap<Event, Long> sequences = new IdentityHashMap<>();

    private long bytes;

    private record Waiting(Event fact, long bytes) {}

    Uncommitted(int max, long bytesMax) {
        this.max = max;
        this.bytesMax = bytesMax;
    }

    /** Adds one; gives the sequence of the last one that had to be given up, or 0. */
    long add(long sequence, Event fact, long size) {
        bySequence.put(sequence, new Waiting(fact, size));
        sequences.putIfAbsent(fact, sequence);
        bytes += size;
        long givenUp = 0;
        while (bySequence.size() > max || (bytes > bytesMax && bySequence.size() > 1)) {
            givenUp = bySequence.firstKey();
            remove(givenUp);
        }
        return givenUp;
    }

    /**
     * Takes the fact out that is on disk now, and those so far before it that they never will be.
     *
     * @return its sequence; 0 if it does not wait
     */
    long commit(Event fact) {
        Long sequence = sequences.get(fact);
        if (sequence == null) {
            return 0;
        }
        remove(sequence);
        while (!bySequence.isEmpty() && bySequence.firstKey() < sequence - Heights.DISORDER) {
            remove(bySequence.firstKey());
        }
        return sequence;
    }

    private void remove(long sequence) {
        Waiting gone = bySequence.remove(sequence);
        if (gone != null) {
            bytes -= gone.bytes();
            Long known = sequences.get(gone.fact());
            if (known != null && known == sequence) {
                sequences.remove(gone.fact());
            }
        }
    }

    /** The first sequence from this one on that waits; greater than any if there is none. */
    long firstFrom(long sequence) {
        Long first = bySequence.ceilingKey(sequence);
        return first == null ? Long.MAX_VALUE : first;
    }

    void clear() {
        bySequence.clear();
        sequences.clear();
        bytes = 0;
    }
}
