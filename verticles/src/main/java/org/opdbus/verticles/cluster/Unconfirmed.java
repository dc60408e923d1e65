// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.opdbus.ledger.Entry;

/**
 * Copies of one peer that were published, that its ledger probably keeps, and that are not yet known to be on disk
 * there. At most {@value #COPIES_MAX} and {@value #BYTES_MAX} bytes, and only while there is room for all peers'. The
 * oldest is dropped first, and may be published once more from the ledger if its sender falls silent at that moment.
 * For use by one thread.
 */
final class Unconfirmed {
    static final int COPIES_MAX = 4096;
    static final long BYTES_MAX = 1L << 20;

    private final Room room;
    /** By sequence, in order. */
    private final Map<Long, Copy> copies = new LinkedHashMap<>();

    private long bytes;

    Unconfirmed(Room room) {
        this.room = room;
    }

    void add(Copy copy) {
        long size = copy.size();
        while (!copies.isEmpty() && (copies.size() == COPIES_MAX || bytes + size > BYTES_MAX)) {
            forgetFirst();
        }
        while (!room.take(size)) {
            if (copies.isEmpty()) {
                return;
            }
            forgetFirst();
        }
        bytes += size;
        copies.put(copy.sequence(), copy);
    }

    private void forgetFirst() {
        forget(copies.keySet().iterator().next());
    }

    private void forget(long sequence) {
        Copy copy = copies.remove(sequence);
        if (copy != null) {
            bytes -= copy.size();
            room.give(copy.size());
        }
    }

    /**
     * This one is on disk. Those before it are too, or never will be, except for a few whose order may differ there.
     */
    void confirm(long sequence) {
        forget(sequence);
        while (!copies.isEmpty() && copies.keySet().iterator().next() < sequence - Heights.DISORDER) {
            forgetFirst();
        }
    }

    /** Returns the sequence of the first of them. */
    Optional<Long> oldest() {
        return copies.keySet().stream().findFirst();
    }

    /**
     * Returns whether this entry's copy was published: it arrived before its sender fell silent, but the message that
     * it is on disk did not.
     */
    boolean confirm(Entry entry) {
        JsonObject data = new JsonObject(entry.data());
        Optional<Copy> same = copies.values().stream()
                .filter(copy -> copy.kind().equals(entry.kind())
                        && copy.subject().equals(entry.subject())
                        && (copy.isCut() || copy.data().equals(data)))
                .findFirst();
        same.ifPresent(copy -> confirm(copy.sequence()));
        return same.isPresent();
    }

    void clear() {
        while (!copies.isEmpty()) {
            forgetFirst();
        }
    }
}
