// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.opdbus.ledger.Entry;

/**
 * Copies of one sibling that were told, are kept by its ledger as far as we know, and are not yet known to be on disk there.
 * At most {@value #COPIES_MAX} and {@value #BYTES_MAX} bytes, and only while there is room for all siblings': the oldest is
 * forgotten first, and may be told once more from the ledger if its sender falls silent just then. For use by one thread.
 */
final class Unconfirmed {
    static final int COPIES_MAX = 4096;
    static final long BYTES_MAX = 1L << 20;

    private final Room room;
    private final Deque<Copy> copies = new ArrayDeque<>();
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
        copies.addLast(copy);
    }

    private void forgetFirst() {
        long size = copies.removeFirst().size();
        bytes -= size;
        room.give(size);
    }

    void forgetUpTo(long sequence) {
        while (!copies.isEmpty() && copies.getFirst().sequence() <= sequence) {
            forgetFirst();
        }
    }

    /** So many entries, which are those of the oldest, are passed over in what follows. */
    void forgetOldest(long entries) {
        for (long i = 0; i < entries && !copies.isEmpty(); i++) {
            forgetFirst();
        }
    }

    /** Whether this entry's copy was told: it came before its sender fell silent, but not the word that it is on disk. */
    boolean confirm(Entry entry) {
        JsonObject data = new JsonObject(entry.data());
        Optional<Copy> same = copies.stream()
                .filter(copy -> copy.kind().equals(entry.kind())
                        && copy.subject().equals(entry.subject())
                        && (copy.isCut() || copy.data().equals(data)))
                .findFirst();
        same.ifPresent(copy -> forgetUpTo(copy.sequence()));
        return same.isPresent();
    }

    void clear() {
        forgetOldest(copies.size());
    }
}
