// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.util.Map;

/**
 * A fact about the ledger itself. The ledger does not record these facts, because each entry would
 * cause another.
 */
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
     * @param fact the event that the entry records
     */
    record EntryCommitted(long height, String hash, Event fact) implements LedgerEvent {
        /**
         * Contains only the name of the fact: a reader has already seen the fact, or finds it in
         * the ledger at that height.
         */
        @Override
        public Map<String, Object> data() {
            return Map.of("height", height, "hash", hash, "kind", fact.kind(), "subject", fact.subject());
        }
    }

    /** The agent cannot write entries; enrolment continues. */
    record LedgerDegraded(String reason) implements LedgerEvent {}

    /**
     * The agent can write entries again. The ledger has recorded the gap itself.
     *
     * @param lost how many facts were not recorded in the meantime
     */
    record LedgerRecovered(long lost) implements LedgerEvent {}
}
