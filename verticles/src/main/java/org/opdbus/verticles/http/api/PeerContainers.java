// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.inventory.Peer;

/**
 * The containers of another host, with the keys of {@link InventoryJson#container}. What they are made from is unverified text of that
 * host, perhaps of another version of the agent: a text without a valid id is left out and counted, a value of a wrong type is shown as
 * if it were absent, and keys that are not known here are left out.
 *
 * @param all those that can be read, in the order of that host
 * @param wrong how many texts cannot be read
 */
public record PeerContainers(List<JsonObject> all, int wrong) {
    private static final int CHARACTERS_MAX = 64 << 10;
    private static final int ITEMS_MAX = 256;
    private static final int VLAN_MAX = 4094;
    private static final Pattern WORD = Pattern.compile("[a-z0-9-]{1,32}");

    public PeerContainers {
        all = List.copyOf(all);
    }

    /** Reads all containers of a host. */
    public static PeerContainers of(Peer peer) {
        List<JsonObject> read = new ArrayList<>();
        for (String text : peer.containers()) {
            read(peer.host(), text).ifPresent(read::add);
        }
        return new PeerContainers(read, peer.containers().size() - read.size());
    }

    /** Reads one container of a host; empty if the text does not describe one. */
    public static Optional<JsonObject> read(String host, String text) {
        if (text.length() > CHARACTERS_MAX) {
            return Optional.empty();
        }
        try {
            return read(host, new JsonObject(text));
        } catch (DecodeException notJson) {
            return Optional.empty();
        }
    }

    private static Optional<JsonObject> read(String host, JsonObject given) {
        String id = word(given, "id");
        if (!ContainerId.isValid(id)) {
            return Optional.empty();
        }
        ContainerId known = new ContainerId(id);
        String kind = word(given, "kind");
        String name = word(given, "name");
        JsonObject json = new JsonObject()
                .put("key", InventoryJson.key(host, id))
                .put("host", host)
                .put("id", id)
                .put("kind", WORD.matcher(kind).matches() ? kind : known.kind().word())
                .put("name", name.isEmpty() ? known.own() : name);
        for (String key : List.of("image", "network", "role")) {
            if (given.getValue(key) instanceof String value) {
                json.put(key, value);
            }
        }
        if (given.getValue("label_faults") instanceof JsonArray faults) {
            json.put("label_faults", texts(faults));
        }
        JsonArray links = links(given.getValue("links"));
        return Optional.of(json.put("veth", word(given, "veth"))
                .put("bridge", word(given, "bridge"))
                .put("running", given.getValue("running") instanceof Boolean runs && runs)
                .put("properties", properties(given.getValue("properties")))
                .put("state", word(given, "state"))
                .put("reason", word(given, "reason"))
                .put("remedy", word(given, "remedy"))
                .put("links", links)
                .put("vlan", links.isEmpty() ? null : links.getJsonObject(0).getValue("vlan"))
                .put("since", null)
                .put("mesh", mesh(given.getValue("mesh"))));
    }

    private static JsonArray links(@Nullable Object given) {
        JsonArray links = new JsonArray();
        if (given instanceof JsonArray array) {
            for (Object each : array) {
                if (each instanceof JsonObject link && links.size() < ITEMS_MAX) {
                    links.add(link(link));
                }
            }
        }
        return links;
    }

    private static JsonObject link(JsonObject given) {
        JsonObject link = new JsonObject().put("name", word(given, "name")).put("index", number(given, "index"));
        if (given.getValue("altNames") instanceof JsonArray names) {
            link.put("altNames", texts(names));
        }
        if (given.getValue("bridge") instanceof String bridge) {
            link.put("bridge", bridge);
        }
        int vlan = number(given, "vlan");
        if (vlan > 0 && vlan <= VLAN_MAX) {
            link.put("vlan", vlan);
        }
        return link.put("ofport", number(given, "ofport"));
    }

    private static JsonObject properties(@Nullable Object given) {
        JsonObject properties = new JsonObject();
        if (given instanceof JsonObject object) {
            object.forEach(property -> {
                Object value = property.getValue();
                if (properties.size() < ITEMS_MAX
                        && (value instanceof String || value instanceof Integer || value instanceof Boolean)) {
                    properties.put(property.getKey(), value);
                }
            });
        }
        return properties;
    }

    private static @Nullable JsonObject mesh(@Nullable Object given) {
        if (!(given instanceof JsonObject object)) {
            return null;
        }
        JsonObject mesh = new JsonObject();
        for (String key : List.of("phase", "network", "address", "reason", "remedy")) {
            if (object.getValue(key) instanceof String value) {
                mesh.put(key, value);
            }
        }
        if (object.getValue("leftBehind") instanceof JsonArray left) {
            mesh.put("leftBehind", texts(left));
        }
        return mesh.put("joined", word(object, "phase").equals("joined"));
    }

    private static JsonArray texts(JsonArray given) {
        return InventoryJson.array(
                given.stream().filter(String.class::isInstance).limit(ITEMS_MAX).toList());
    }

    private static String word(JsonObject json, String key) {
        return json.getValue(key) instanceof String text ? text : "";
    }

    private static int number(JsonObject json, String key) {
        return json.getValue(key) instanceof Integer number && number >= 0 ? number : 0;
    }
}
