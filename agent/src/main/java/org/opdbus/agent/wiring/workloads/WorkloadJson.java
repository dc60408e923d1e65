// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring.workloads;

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

/** Writes a container or a machine as {@code query} shows it. */
public final class WorkloadJson {
    private static final Set<String> NUMBERS = Set.of("vlan", "mtu");

    private WorkloadJson() {}

    /** Returns a container of Docker or Podman, or a virtual machine: the keys of a container of LXC, and what its source says. */
    public static JsonObject of(KnownContainer container) {
        JsonObject json = new JsonObject()
                .put("id", container.id().value())
                .put("kind", container.kind().name().toLowerCase(Locale.ROOT))
                .put("name", container.name());
        container.engine().ifPresent(engine -> put(engine, json));
        JsonArray links = new JsonArray();
        container.status().links().forEach(link -> links.add(link(link)));
        return json.put("veth", container.veth())
                .put("bridge", container.bridge())
                .put("running", container.status().running())
                .put("properties", new JsonObject(properties(container)))
                .put("state", container.state())
                .put("reason", container.reason())
                .put("links", links);
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

    /** Returns a link of a container of any kind. */
    public static JsonObject link(LinkStatus link) {
        JsonObject json = new JsonObject().put("name", link.name()).put("index", link.index());
        if (!link.altNames().isEmpty()) {
            json.put("altNames", new JsonArray(new ArrayList<>(link.altNames())));
        }
        link.bridge().ifPresent(bridge -> json.put("bridge", bridge));
        link.vlan().ifPresent(vlan -> json.put("vlan", vlan));
        return json.put("ofport", link.ofport());
    }
}
