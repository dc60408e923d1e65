// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.HostFacts.SourceStanding;

/** Says whether the agent can do its work, and if not, why. */
final class Readiness {
    private Readiness() {}

    /** {@code {"ready", "sources": {…}, "ledger"}}. */
    static JsonObject of(HostFacts host) {
        JsonObject each = new JsonObject();
        host.sources().forEach((source, standing) -> each.put(source.name().toLowerCase(Locale.ROOT), word(standing)));
        return new JsonObject()
                .put("ready", host.isReady())
                .put("sources", each)
                .put(
                        "ledger",
                        host.ledger().degraded().map(why -> "degraded: " + why).orElse("takes entries"));
    }

    private static String word(SourceStanding standing) {
        return switch (standing.heard()) {
            case AWAITED -> "has not listed what exists yet";
            case LISTED -> "listed";
            case LOST -> "lost: " + standing.reason();
        };
    }
}
