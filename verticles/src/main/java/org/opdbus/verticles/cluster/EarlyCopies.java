// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.util.TreeMap;

/**
 * Copies of one peer that arrived before their turn: at most {@value #COPIES_MAX} and {@value #BYTES_MAX} bytes, and
 * only while there is room for all peers'. A copy without room is dropped, and requested when its turn comes. For use
 * by one thread.
 */
final class EarlyCopies {
    static final int COPIES_MAX = 4096;
    static final long BYTES_MAX = 4L << 20;

    private final Room room;
    private final TreeMap<Long, Held> copies = new TreeMap<>();
    private long bytes;

    private record Held(Copy copy, long size) {}

    EarlyCopies(Room room) {
        this.room = room;
    }

    void hold(Copy copy) {
        long size = copy.size();
        if (copies.size() < COPIES_MAX
                && bytes + size <= BYTES_MAX
                && !copies.containsKey(copy.sequence())
                && room.take(size)) {
            copies.put(copy.sequence(), new Held(copy, size));
            bytes += size;
        }
    }

    boolean isEmpty() {
        return copies.isEmpty();
    }

    /** Returns the first sequence that is held; there must be one. */
    long first() {
        return copies.firstKey();
    }

    /** Removes and returns the first copy. */
    Copy take() {
        Held held = copies.pollFirstEntry().getValue();
        give(held);
        return held.copy();
    }

    void letGoBefore(long sequence) {
        while (!copies.isEmpty() && copies.firstKey() < sequence) {
            take();
        }
    }

    void clear() {
        copies.values().forEach(this::give);
        copies.clear();
    }

    private void give(Held held) {
        bytes -= held.size();
        room.give(held.size());
    }
}
