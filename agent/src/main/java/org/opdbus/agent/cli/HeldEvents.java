// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.opdbus.verticles.control.EventFilter;

/** What the agent still holds of what siblings told, to be shown among what this host's ledger has by the time of each. */
final class HeldEvents {
    private final Deque<JsonNode> events = new ArrayDeque<>();
    private long next;

    private HeldEvents() {}

    static HeldEvents none() {
        return new HeldEvents();
    }

    /** Those since that time; where a height was given, all that are held, for it is not theirs. */
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

    /** Where what is told goes on; 0 if nothing was asked. */
    long next() {
        return next;
    }

    /** Prints those that come before this time, and forgets them. */
    void before(Instant time, Consumer<JsonNode> print) {
        while (!events.isEmpty() && time(events.getFirst()).isBefore(time)) {
            print.accept(events.removeFirst());
        }
    }

    private static Instant time(JsonNode event) {
        return Instant.parse(event.path("time").asText());
    }
}
