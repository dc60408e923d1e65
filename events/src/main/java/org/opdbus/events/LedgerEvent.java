// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.util.Map;

/** What the ledger said of itself. Not recorded by itself: an entry about an entry would never end. */
public sealed interface LedgerEvent extends Event {
    @Override
    default String subject() {
        return "ledger";
    }

    @Override
    default boolean recorded() {
        return false;
    }

    /**
     * An entry is on disk.
     *
     * @param fact the event that it records
     */
    record EntryCommitted(long height, String hash, Event fact) implements LedgerEvent {
        /** Names the fact only: whoever reads this has seen it, or finds it at that height. */
        @Override
        public Map<String, Object> data() {
            return Map.of("height", height, "hash", hash, "kind", fact.kind(), "subject", fact.subject());
        }
    }

    /** Entries cannot be written; enrolment goes on. */
    record LedgerDegraded(String reason) implements LedgerEvent {}

    /**
     * Entries can be written again; the ledger has recorded the gap itself.
     *
     * @param lost how many facts could not be kept in the meantime
     */
    record LedgerRecovered(long lost) implements LedgerEvent {}
}
