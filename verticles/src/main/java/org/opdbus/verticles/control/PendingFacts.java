// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.control;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.events.LedgerEvent.LedgerDegraded;
import org.opdbus.events.LedgerEvent.LedgerRecovered;

/**
 * The position of the ledger relative to the bus: the height of the last entry, and the facts that
 * are still on their way to the ledger. A caller that begins to listen now finds everything up to
 * that height in the ledger. It first receives these facts, then the later ones, so it misses none
 * and gets none twice. For one thread.
 */
final class PendingFacts {
    /** A ledger that is further behind than this has lost its disk. */
    private static final int FACTS_MAX = 4_096;

    private final String host;
    private final Deque<Fact> facts = new ArrayDeque<>();
    private OptionalLong height = OptionalLong.empty();
    private boolean degraded;

    PendingFacts(String host) {
        this.host = host;
    }

    private record Fact(Event event, Instant time) {}

    void hear(Event event, Instant now) {
        if (event instanceof EntryCommitted entry) {
            height = OptionalLong.of(entry.height());
            committed(entry.fact());
        } else if (event instanceof LedgerDegraded) {
            degraded = true;
            facts.clear();
        } else if (event instanceof LedgerRecovered) {
            degraded = false;
        } else if (event.recorded() && !degraded) {
            facts.add(new Fact(event, now));
            if (facts.size() > FACTS_MAX) {
                facts.remove();
            }
        }
    }

    /**
     * The ledger commits facts in their order, so an earlier fact that is not on disk now never
     * will be.
     */
    private void committed(Event fact) {
        if (facts.stream().anyMatch(waiting -> waiting.event().equals(fact))) {
            boolean reached = false;
            while (!reached) {
                reached = facts.remove().event().equals(fact);
            }
        }
    }

    /**
     * Returns {@code {"height": …, "events": […]}}, with the events that the filter accepts;
     * without a height if no entry was reported yet.
     */
    JsonObject toJson(EventFilter filter) {
        JsonArray events = new JsonArray();
        facts.stream()
                .filter(fact -> filter.accepts(fact.event()))
                .forEach(fact -> events.add(EventLine.of(fact.event(), host, fact.time())));
        JsonObject json = new JsonObject().put("events", events);
        height.ifPresent(last -> json.put("height", last));
        return json;
    }
}
