// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.read;

import java.util.Map;
import java.util.Optional;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.Entry;

/**
 * Entries that no checkpoint covered when an agent started on them. They were chained, but the host had not signed
 * them: its process may have ended before it did, or another program may have written them. The entry {@code
 * ledger.adopted} says which they are. It is on disk before the first signature that covers them, so readers can
 * always tell them apart.
 *
 * @param from the height of the first
 * @param to the height of the last
 * @param recordedAt the height of the entry that says so; 0 if it is not recorded yet
 */
public record Adoption(long from, long to, long recordedAt) {
    public static final String KIND = "ledger.adopted";

    private static final String FROM = "from";
    private static final String TO = "to";

    /** Returns what the ledger records, with the checkpoint that did not cover them. */
    public Draft draft(Checkpoint signed) {
        return new Draft(KIND, "ledger", Map.of(FROM, from, TO, to, "state", "unsigned", "checkpoint", signed.note()));
    }

    /** Returns what an entry says was adopted; empty if it says nothing of the kind. */
    public static Optional<Adoption> of(Entry entry) {
        return entry.kind().equals(KIND)
                        && entry.data().get(FROM) instanceof Long from
                        && entry.data().get(TO) instanceof Long to
                ? Optional.of(new Adoption(from, to, entry.height()))
                : Optional.empty();
    }

    /** Returns whether an entry is one of them. */
    public boolean covers(long height) {
        return height >= from && height <= to;
    }

    /** Returns one sentence for people. */
    @Override
    public String toString() {
        return heights(from, to) + " not signed when an agent started on them; entry " + recordedAt
                + " records that it adopted them";
    }

    /** Returns "entry 7 was" or "entries 7 to 9 were". */
    static String heights(long from, long to) {
        return from == to ? "entry " + from + " was" : "entries " + from + " to " + to + " were";
    }
}
