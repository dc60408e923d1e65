// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.control;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.opdbus.events.Event;

/** An event in the form that the tails show. */
public final class EventLine {
    private EventLine() {}

    /** Returns the line that replaces the events that a slow reader had no room for. */
    public static JsonObject missed(int count, String host, Instant now) {
        return line(host, now, "events.missed", "control", new JsonObject().put("count", count));
    }

    /**
     * Returns {@code {"time", "host", "kind", "subject", "data"}}; the time is when this host
     * published it.
     */
    public static JsonObject of(Event event, String host, Instant now) {
        return line(host, now, event.kind(), event.subject(), new JsonObject(event.data()));
    }

    private static JsonObject line(String host, Instant now, String kind, String subject, JsonObject data) {
        return new JsonObject()
                .put("time", now.truncatedTo(ChronoUnit.MICROS).toString())
                .put("host", host)
                .put("kind", kind)
                .put("subject", subject)
                .put("data", data);
    }
}
