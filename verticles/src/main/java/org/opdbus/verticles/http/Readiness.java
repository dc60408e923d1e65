// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.LedgerDegraded;
import org.opdbus.events.LedgerEvent.LedgerRecovered;

/** Whether the agent can do its work, and if not, why. For one thread. */
final class Readiness {
    private static final String LISTED = "listed";

    private final Map<Source, String> sources = new EnumMap<>(Source.class);
    private Optional<String> degraded = Optional.empty();

    Readiness() {
        for (Source source : Source.values()) {
            sources.put(source, "has not listed what exists yet");
        }
    }

    void hear(Event fact) {
        if (fact instanceof SourceListed source) {
            sources.put(source.source(), LISTED);
        } else if (fact instanceof SourceLost source) {
            sources.put(source.source(), "lost: " + source.reason());
        } else if (fact instanceof LedgerDegraded ledger) {
            degraded = Optional.of(ledger.reason());
        } else if (fact instanceof LedgerRecovered) {
            degraded = Optional.empty();
        }
    }

    boolean isReady() {
        return degraded.isEmpty() && sources.values().stream().allMatch(LISTED::equals);
    }

    /** Returns {@code {"ready", "sources": {…}, "ledger"}}. */
    JsonObject toJson() {
        JsonObject each = new JsonObject();
        sources.forEach((source, word) -> each.put(source.name().toLowerCase(Locale.ROOT), word));
        return new JsonObject()
                .put("ready", isReady())
                .put("sources", each)
                .put("ledger", degraded.map(why -> "degraded: " + why).orElse("takes entries"));
    }
}
