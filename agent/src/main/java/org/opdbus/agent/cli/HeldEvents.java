// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.opdbus.agent.cli.control.ControlClient;
import org.opdbus.agent.cli.ledger.EventFilterOptions;
import org.opdbus.agent.cli.ledger.LedgerPoint;
import org.opdbus.verticles.control.EventFilter;

/**
 * The events of peers that the agent still holds, printed in order of time among the entries of
 * this host's ledger.
 */
final class HeldEvents {
    private final Deque<JsonNode> events = new ArrayDeque<>();
    private long next;

    private HeldEvents() {}

    static HeldEvents none() {
        return new HeldEvents();
    }

    /**
     * Keeps those since that time. If the user gave a height, keeps all of them, because the height
     * is not one of their ledgers.
     */
    static HeldEvents of(ControlClient agent, LedgerPoint since, EventFilter filter) {
        HeldEvents held = new HeldEvents();
        boolean isMore = true;
        while (isMore) {
            ObjectNode question = EventFilterOptions.json(filter).put("from", held.next);
            JsonNode page = agent.call("events-held", question);
            page.path("events").forEach(event -> {
                if (since.time().isEmpty() || !time(event).isBefore(since.time().get())) {
                    held.events.add(event);
                }
            });
            held.next = page.path("next").asLong();
            isMore = !page.path("last").asBoolean(true);
        }
        return held;
    }

    /** Returns where the live events continue; 0 if the agent was not asked. */
    long next() {
        return next;
    }

    /** Prints the events before this time and forgets them. */
    void before(Instant time, Consumer<JsonNode> print) {
        while (!events.isEmpty() && time(events.getFirst()).isBefore(time)) {
            print.accept(events.removeFirst());
        }
    }

    private static Instant time(JsonNode event) {
        return Instant.parse(event.path("time").asText());
    }
}
