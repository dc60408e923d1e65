// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.control;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.opdbus.events.Event;

/** An event as the tails show it. */
final class EventLine {
    private EventLine() {}

    /** {@code {"time", "host", "kind", "subject", "data"}}; the time is when it was published here. */
    static JsonObject of(Event event, String host, Instant now) {
        return new JsonObject()
                .put("time", now.truncatedTo(ChronoUnit.MICROS).toString())
                .put("host", host)
                .put("kind", event.kind())
                .put("subject", event.subject())
                .put("data", new JsonObject(event.data()));
    }
}
