// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory.json;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;
import org.opdbus.verticles.inventory.KnownContainer;
import org.opdbus.verticles.inventory.MeshMembership;

/** Writes a container, or a virtual machine, as {@code query} shows it. */
public final class ContainerJson {
    private static final Set<String> NUMBERS = Set.of("vlan", "mtu");

    private ContainerJson() {}

    /**
     * Returns a container of any kind: what its source says of it, what is wanted, and how it is. {@code query} shows the wanted
     * properties of a container of LXC together with those in LXC's own files, which the inventory does not have.
     */
    public static JsonObject of(KnownContainer container) {
        JsonObject json = new JsonObject()
                .put("id", container.id().value())
                .put("kind", container.kind().name().toLowerCase(Locale.ROOT))
                .put("name", container.name());
        container.engine().ifPresent(engine -> put(engine, json));
        json.put("veth", container.veth())
                .put("bridge", container.bridge())
                .put("running", container.status().running())
                .put("properties", new JsonObject(properties(container)));
        putState(container, json);
        return json;
    }

    /** Adds how a container of any kind is, and its links. */
    public static void putState(KnownContainer container, JsonObject json) {
        JsonArray links = new JsonArray();
        container.status().links().forEach(link -> links.add(link(link)));
        json.put("state", container.state()).put("reason", container.reason());
        if (!container.remedy().isEmpty()) {
            json.put("remedy", container.remedy());
        }
        json.put("links", links);
    }

    private static void put(EngineContainer engine, JsonObject json) {
        json.put("image", engine.image()).put("network", engine.network());
        engine.asked().role().ifPresent(role -> json.put("role", role));
        if (!engine.asked().faults().isEmpty()) {
            json.put(
                    "label_faults", new JsonArray(new ArrayList<>(engine.asked().faults())));
        }
    }

    /** Returns what is wanted, with the VLAN that its first link has. */
    private static Map<String, Object> properties(KnownContainer container) {
        Map<String, Object> properties = new TreeMap<>();
        container.wantedProperties().forEach((key, value) -> properties.put(key, value(key, value)));
        container.firstLink().filter(link -> link.bridge().isPresent()).ifPresent(link -> {
            properties.remove("vlan");
            link.vlan().ifPresent(vlan -> properties.put("vlan", vlan));
        });
        return properties;
    }

    private static Object value(String key, String text) {
        return NUMBERS.contains(key) && text.matches("[0-9]{1,9}") ? (Object) Integer.valueOf(text) : text;
    }

    private static JsonObject link(LinkStatus link) {
        JsonObject json = new JsonObject().put("name", link.name()).put("index", link.index());
        if (!link.altNames().isEmpty()) {
            json.put("altNames", new JsonArray(new ArrayList<>(link.altNames())));
        }
        link.bridge().ifPresent(bridge -> json.put("bridge", bridge));
        link.vlan().ifPresent(vlan -> json.put("vlan", vlan));
        return json.put("ofport", link.ofport());
    }

    /** Returns how a container is in its mesh; without keys if it is in none and nothing of it is left in one. */
    public static JsonObject mesh(MeshMembership membership) {
        JsonObject mesh = new JsonObject();
        membership
                .standing()
                .ifPresent(standing -> mesh.put("phase", standing.phase())
                        .put("network", standing.network())
                        .put("address", standing.address())
                        .put("reason", standing.why())
                        .put("remedy", standing.remedy()));
        // A host that the container was before and that is still on its server is shown until it is gone.
        if (!membership.leftBehind().isEmpty()) {
            mesh.put("leftBehind", new JsonArray(new ArrayList<>(membership.leftBehind())));
        }
        return mesh;
    }
}
