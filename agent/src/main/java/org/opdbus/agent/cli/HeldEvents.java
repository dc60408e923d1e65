// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final Deque<ShownEvent> events = new ArrayDeque<>();
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
            Map<String, Object> question = EventFilterOptions.request(filter);
            question.put("from", held.next);
            isMore = !agent.ask("events-held", List.of(question), page -> held.take(page, since.time()));
        }
        return held;
    }

    /** Reads a page, keeps its events since that time, and returns whether it is the last page. */
    private boolean take(JsonParser page, Optional<Instant> since) throws IOException {
        boolean isLast = true;
        while (page.nextToken() == JsonToken.FIELD_NAME) {
            String member = page.currentName();
            boolean isList = page.nextToken() == JsonToken.START_ARRAY;
            if (isList && member.equals("events")) {
                ShownEvent.readEach(page, event -> {
                    if (since.isEmpty() || !event.time().isBefore(since.get())) {
                        events.add(event);
                    }
                });
            } else if (member.equals("next")) {
                next = page.getValueAsLong();
            } else if (member.equals("last")) {
                isLast = page.getValueAsBoolean(true);
            } else {
                page.skipChildren();
            }
        }
        return isLast;
    }

    /** Returns where the live events continue; 0 if the agent was not asked. */
    long next() {
        return next;
    }

    /** Prints the events before this time and forgets them. */
    void before(Instant time, Consumer<ShownEvent> print) {
        while (!events.isEmpty() && events.getFirst().time().isBefore(time)) {
            print.accept(events.removeFirst());
        }
    }
}
