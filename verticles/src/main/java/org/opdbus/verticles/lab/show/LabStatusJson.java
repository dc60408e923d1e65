// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.show;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.opdbus.verticles.lab.definition.LabDefinition;
import org.opdbus.verticles.lab.definition.LabEndpoint;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabNames;
import org.opdbus.verticles.lab.plan.LabPicture;
import org.opdbus.verticles.lab.plan.LabPicture.LanBridge;
import org.opdbus.verticles.lab.plan.LabPicture.LanPort;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;
import org.opdbus.verticles.lab.plan.LabStatus;

/** How a lab is, as JSON: what it shall be, what is there, and what is not as it shall be. */
public final class LabStatusJson {
    private LabStatusJson() {}

    /**
     * Returns an object with {@code lab}, {@code namespace}, {@code running}, {@code settled}, {@code items} with their {@code
     * endpoints} in the order of their numbers, {@code lans} by name, and {@code trouble}: reasons by the name of what has it.
     */
    public static JsonObject of(LabStatus status) {
        LabDefinition definition = status.definition();
        JsonArray items = new JsonArray();
        definition.items().values().stream()
                .sorted(Comparator.comparingInt(LabItem::id))
                .forEach(item -> items.add(item(item, status.picture())));
        return summary(status)
                .put("namespace", LabNames.namespace(definition.name()))
                .put("items", items)
                .put("lans", lans(definition))
                .put("trouble", new JsonObject(new TreeMap<String, Object>(status.trouble())));
    }

    /** Returns {@code lab}, {@code running}, {@code settled}, and how many items and LANs it has. */
    public static JsonObject summary(LabStatus status) {
        LabDefinition definition = status.definition();
        return new JsonObject()
                .put("lab", definition.name())
                .put("running", status.running())
                .put("settled", status.settled())
                .put("itemCount", definition.items().size())
                .put("lanCount", definition.lans().size());
    }

    /**
     * Returns {@code lab} and its {@code endpoints}, each with its {@code port}, {@code item}, {@code number}, {@code lan} if it is on
     * one, and {@code counters}.
     *
     * @param counters what each endpoint sent and received, by the name of the port
     */
    public static JsonObject counters(LabStatus status, Map<String, Map<String, Long>> counters) {
        LabDefinition definition = status.definition();
        JsonArray endpoints = new JsonArray();
        definition.items().values().stream()
                .sorted(Comparator.comparingInt(LabItem::id))
                .forEach(item -> item.endpoints().forEach(endpoint -> {
                    String port = item.portOf(endpoint);
                    JsonObject json = new JsonObject()
                            .put("port", port)
                            .put("item", item.name())
                            .put("number", endpoint.number());
                    endpoint.place().ifPresent(place -> json.put("lan", place.lan()));
                    endpoints.add(json.put(
                            "counters",
                            new JsonObject(new TreeMap<String, Object>(counters.getOrDefault(port, Map.of())))));
                }));
        return new JsonObject().put("lab", definition.name()).put("endpoints", endpoints);
    }

    private static JsonObject item(LabItem item, LabPicture picture) {
        JsonArray endpoints = new JsonArray();
        item.endpoints().forEach(endpoint -> endpoints.add(endpoint(item, endpoint, picture)));
        MachineState state = picture.machines().get(item.name());
        return new JsonObject()
                .put("name", item.name())
                .put("id", item.id())
                .put("kind", item.machine().word())
                .put("state", state == null ? "absent" : state.name().toLowerCase(Locale.ROOT))
                .put("endpoints", endpoints);
    }

    private static JsonObject endpoint(LabItem item, LabEndpoint endpoint, LabPicture picture) {
        String port = item.portOf(endpoint);
        JsonObject json = new JsonObject()
                .put("number", endpoint.number())
                .put("port", port)
                .put("mac", endpoint.mac())
                .put("spied", endpoint.spied());
        endpoint.place().ifPresent(place -> {
            json.put("lan", place.lan());
            if (place.tag() != 0) {
                json.put("tag", place.tag());
            }
            if (!place.trunks().isEmpty()) {
                json.put("trunks", new JsonArray(new ArrayList<>(place.trunks())));
            }
            LanBridge bridge = picture.lans().get(LabNames.bridge(place.lan()));
            LanPort there = bridge == null ? null : bridge.ports().get(port);
            json.put("ofport", there == null ? 0 : there.ofport());
            if (endpoint.spied()) {
                json.put("spy", LabNames.spy(port));
            }
        });
        return json;
    }

    private static JsonArray lans(LabDefinition definition) {
        Map<String, List<String>> ports = new TreeMap<>();
        definition
                .items()
                .values()
                .forEach(item -> item.endpoints()
                        .forEach(endpoint -> endpoint.place()
                                .ifPresent(place -> ports.computeIfAbsent(place.lan(), any -> new ArrayList<>())
                                        .add(item.portOf(endpoint)))));
        JsonArray lans = new JsonArray();
        ports.forEach((lan, its) -> lans.add(new JsonObject()
                .put("name", lan)
                .put("bridge", LabNames.bridge(lan))
                .put("ports", new JsonArray(its.stream().sorted().toList()))));
        return lans;
    }
}
