// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.cluster.SeenHost;
import org.opdbus.verticles.nonnet.ContainerRow;
import org.opdbus.verticles.nonnet.SiblingRow;

/**
 * Shows other hosts in the read-only database. Another host, perhaps of another version, supplies the data of its
 * containers, so missing values, or values of another type, are shown as empty. For one thread at a time.
 */
final class SiblingRows {
    private record Read(List<String> texts, List<ContainerRow> rows) {}

    private Map<String, Read> last = Map.of();

    List<SiblingRow> of(List<SeenHost> hosts) {
        Map<String, Read> now = new HashMap<>();
        List<SiblingRow> rows = hosts.stream()
                .map(host -> {
                    String name = host.row().host();
                    Read before = last.get(name);
                    // Most changes are heartbeats, which change no container.
                    Read read = before != null && before.texts().equals(host.containers())
                            ? before
                            : new Read(
                                    host.containers(),
                                    host.containers().stream()
                                            .map(SiblingRows::row)
                                            .toList());
                    now.put(name, read);
                    return new SiblingRow(
                            name,
                            host.row().up() ? "up" : "away",
                            host.row().lastSeen(),
                            host.row().height(),
                            host.row().version(),
                            read.rows());
                })
                .toList();
        last = now;
        return rows;
    }

    private static ContainerRow row(String text) {
        JsonObject json = new JsonObject(text);
        return new ContainerRow(
                word(json, "id"),
                word(json, "veth"),
                word(json, "bridge"),
                json.getValue("running") instanceof Boolean running && running,
                properties(json),
                word(json, "state"),
                Optional.of(word(json, "reason")).filter(why -> !why.isEmpty()));
    }

    private static Map<String, String> properties(JsonObject json) {
        Map<String, String> properties = new LinkedHashMap<>();
        if (json.getValue("properties") instanceof JsonObject given) {
            given.forEach(item -> properties.put(item.getKey(), String.valueOf(item.getValue())));
        }
        if (json.getValue("mesh") instanceof JsonObject mesh) {
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
