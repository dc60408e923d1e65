// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.inventory.Peer;

/**
 * The rows of other hosts and of their containers. A peer's data about its containers is unverified and may come from another
 * version of the agent: this shows a missing value, or one of another type, as empty. Two hosts may have containers of the same
 * name, so a peer's name is part of the keys of its rows. For one thread only.
 */
final class PeerRows {
    private final Tables tables;
    private final Clock clock;

    PeerRows(Tables tables, Clock clock) {
        this.tables = tables;
        this.clock = clock;
    }

    /** Updates the rows of a host to what this host knows about it now. */
    void change(String host, Optional<Peer> before, Optional<Peer> after) {
        after.ifPresentOrElse(
                peer -> tables.put(Schema.HOST, host, RowValues.of(peer)), () -> tables.delete(Schema.HOST, host));
        List<String> was = before.map(Peer::containers).orElse(List.of());
        List<String> now = after.map(Peer::containers).orElse(List.of());
        // Most changes are heartbeats. They change no container.
        if (!now.equals(was)) {
            containers(host, now);
        }
    }

    private void containers(String host, List<String> texts) {
        // No name contains this character.
        String prefix = host + '\0';
        Map<String, JsonObject> containers = new HashMap<>();
        for (String text : texts) {
            JsonObject container = new JsonObject(text);
            containers.put(prefix + word(container, "id"), container);
        }
        List<String> gone = tables.keys(Schema.LXC).stream()
                .filter(key -> key.startsWith(prefix) && !containers.containsKey(key))
                .toList();
        gone.forEach(key -> tables.delete(Schema.LXC, key));
        containers.forEach((key, container) -> tables.put(Schema.LXC, key, row(host, key, container)));
    }

    private Map<String, Datum> row(String host, String key, JsonObject container) {
        Datum running = Datum.of(container.getValue("running") instanceof Boolean runs && runs);
        Datum state = Datum.of(word(container, "state"));
        // A peer does not report the time of the last change.
        Datum since = tables.row(Schema.LXC, key)
                .filter(row ->
                        row.cell("running").equals(running) && row.cell("state").equals(state))
                .map(row -> row.cell("since"))
                .orElseGet(() ->
                        Datum.of(clock.instant().truncatedTo(ChronoUnit.MILLIS).toString()));
        return Map.of(
                "id", Datum.of(word(container, "id")),
                "veth", Datum.of(word(container, "veth")),
                "bridge", Datum.of(word(container, "bridge")),
                "running", running,
                "properties", Datum.of(properties(container)),
                "state", state,
                "since", since,
                "host", Datum.of(host),
                "error", Datum.of(Optional.of(word(container, "reason")).filter(why -> !why.isEmpty())));
    }

    private static Map<String, String> properties(JsonObject container) {
        Map<String, String> properties = new LinkedHashMap<>();
        if (container.getValue("properties") instanceof JsonObject given) {
            given.forEach(item -> properties.put(item.getKey(), String.valueOf(item.getValue())));
        }
        if (container.getValue("mesh") instanceof JsonObject mesh) {
            for (String key : List.of("phase", "network", "address")) {
                properties.put("mesh_" + key, word(mesh, key));
            }
        }
        return properties;
    }

    private static String word(JsonObject json, String key) {
        return json.getValue(key) instanceof String text ? text : "";
    }
}
