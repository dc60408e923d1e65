// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.util.IdentityHashMap;
import java.util.TreeMap;
import org.opdbus.events.Event;

/**
 * Facts that the ledger must keep and has not written yet. They wait in its queue all the time, so this object holds
 * only the position of each; beyond a limit the oldest is dropped first. Not safe for use by several threads.
 */
final class Uncommitted {
    private final int max;
    private final TreeMap<Long, Event> bySequence = new TreeMap<>();
    /** Facts are identified by object identity: the object that was published. */
    private final IdentityHashMap<Event, Long> sequences = new IdentityHashMap<>();

    Uncommitted(int max) {
        this.max = max;
    }

    /** Adds one; returns the sequence of the last one that was dropped, or 0. */
    long add(long sequence, Event fact) {
        bySequence.put(sequence, fact);
        sequences.putIfAbsent(fact, sequence);
        long givenUp = 0;
        while (bySequence.size() > max) {
            givenUp = bySequence.firstKey();
            remove(givenUp);
        }
        return givenUp;
    }

    /**
     * Removes the fact that is on disk now, and those so far before it that they never will be.
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
        Event fact = bySequence.remove(sequence);
        Long known = fact == null ? null : sequences.get(fact);
        if (known != null && known == sequence) {
            sequences.remove(fact);
        }
    }

    /** Returns the first waiting sequence from this one on; greater than any if there is none. */
    long firstFrom(long sequence) {
        Long first = bySequence.ceilingKey(sequence);
        return first == null ? Long.MAX_VALUE : first;
    }

    void clear() {
        bySequence.clear();
        sequences.clear();
    }
}
