// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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

    /** A container of LXC says no kind. One of a kind that only a later version knows has no table here. */
    private void containers(String host, List<String> texts) {
        List<JsonObject> all = texts.stream().map(JsonObject::new).toList();
        show(Schema.LXC, Set.of(""), host, all);
        show(Schema.DOCKER, Set.of("docker", "podman"), host, all);
        show(Schema.VM, Set.of("vm"), host, all);
    }

    private void show(TableSchema table, Set<String> kinds, String host, List<JsonObject> all) {
        // No name contains this character.
        String prefix = host + '\0';
        Map<String, JsonObject> containers = new HashMap<>();
        for (JsonObject container : all) {
            if (kinds.contains(word(container, "kind"))) {
                containers.put(prefix + word(container, "id"), container);
            }
        }
        List<String> gone = tables.keys(table).stream()
                .filter(key -> key.startsWith(prefix) && !containers.containsKey(key))
                .toList();
        gone.forEach(key -> tables.delete(table, key));
        containers.forEach((key, container) -> tables.put(table, key, row(table, host, key, container)));
    }

    private Map<String, Datum> row(TableSchema table, String host, String key, JsonObject container) {
        Datum running = Datum.of(container.getValue("running") instanceof Boolean runs && runs);
        Datum state = Datum.of(word(container, "state"));
        // A peer does not report the time of the last change.
        Datum since = tables.row(table, key)
                .filter(row ->
                        row.cell("running").equals(running) && row.cell("state").equals(state))
                .map(row -> row.cell("since"))
                .orElseGet(() ->
                        Datum.of(clock.instant().truncatedTo(ChronoUnit.MILLIS).toString()));
        Map<String, Datum> row = new LinkedHashMap<>();
        row.put("id", Datum.of(word(container, "id")));
        row.put("bridge", Datum.of(word(container, "bridge")));
        row.put("running", running);
        row.put("properties", Datum.of(properties(container)));
        row.put("state", state);
        row.put("since", since);
        row.put("host", Datum.of(host));
        row.put("error", Datum.of(unlessEmpty(word(container, "reason"))));
        if (table.has("veth")) {
            row.put("veth", Datum.of(word(container, "veth")));
        }
        if (table.has("name")) {
            row.put("name", Datum.of(word(container, "name")));
        }
        if (table.has("taps")) {
            row.put("taps", Datum.of(names(container)));
        }
        if (table.has("engine")) {
            row.put("engine", Datum.of(word(container, "kind")));
            row.put("image", Datum.of(word(container, "image")));
            row.put("network", Datum.of(word(container, "network")));
            row.put("role", Datum.of(unlessEmpty(word(container, "role"))));
            row.put("label_faults", Datum.of(texts(container.getValue("label_faults"))));
        }
        return row;
    }

    /** Returns the names of its links. */
    private static List<String> names(JsonObject container) {
        List<String> names = new ArrayList<>();
        if (container.getValue("links") instanceof JsonArray links) {
            for (Object link : links) {
                if (link instanceof JsonObject one) {
                    names.add(word(one, "name"));
                }
            }
        }
        return names;
    }

    private static List<String> texts(@Nullable Object list) {
        return list instanceof JsonArray array
                ? array.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList()
                : List.of();
    }

    private static Optional<String> unlessEmpty(String text) {
        return Optional.of(text).filter(value -> !value.isEmpty());
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
