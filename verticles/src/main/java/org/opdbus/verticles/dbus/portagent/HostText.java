// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.portagent;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import org.opdbus.events.Bridge;
import org.opdbus.events.Link;
import org.opdbus.events.Port;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.inventory.KnownContainer;
import org.opdbus.verticles.view.PortOwner;

/** The inventory in the JSON texts that the methods of the old port agent give. */
final class HostText {
    private HostText() {}

    /** Returns a bridge with its ports and their interfaces. */
    static String topology(Inventory now, String bridge) {
        List<Port> ports = portsOf(now, bridge);
        JsonArray interfaces = new JsonArray();
        ports.forEach(port -> interfaces.add(port(port)));
        return new JsonObject()
                .put("bridge", bridge)
                .put(
                        "datapath_type",
                        now.bridges().get(bridge).map(Bridge::datapathType).orElse(""))
                .put("ports", new JsonArray(ports.stream().map(Port::name).toList()))
                .put("interfaces", interfaces)
                .encodePrettily();
    }

    private static JsonObject port(Port port) {
        JsonObject json = new JsonObject()
                .put("name", port.name())
                .put("type", port.interfaceType())
                .put("ofport", port.ofport())
                .put("trunks", new JsonArray(port.trunks().stream().sorted().toList()));
        port.tag().ifPresent(tag -> json.put("tag", tag));
        port.error().ifPresent(error -> json.put("error", error));
        String container = port.externalIds().get(PortOwner.CONTAINER);
        return container == null ? json : json.put("container", container);
    }

    /** Returns whether a bridge and its ports work. */
    static String connectivity(Inventory now, String bridge) {
        List<Port> ports = portsOf(now, bridge);
        boolean exists = now.bridges().get(bridge).isPresent();
        boolean active = exists
                && now.links().values().stream()
                        .anyMatch(link -> link.name().value().equals(bridge) && link.up());
        JsonObject synchronised = new JsonObject();
        ports.forEach(port -> synchronised.put(port.name(), port.isLive()));
        return new JsonObject()
                .put("ovs_bridge_exists", exists)
                .put("bridge_active", active)
                .put("bridge_synchronization", synchronised)
                .put("connectivity_preserved", exists && ports.stream().allMatch(Port::isLive))
                .encodePrettily();
    }

    /** Returns the bridges, links and ports of this host. */
    static String network(Inventory now) {
        JsonObject ports = new JsonObject();
        bridges(now)
                .forEach(bridge -> ports.put(
                        bridge,
                        new JsonArray(
                                portsOf(now, bridge).stream().map(Port::name).toList())));
        JsonArray links = new JsonArray();
        now.links().values().stream().sorted(Comparator.comparing(Link::index)).forEach(link -> links.add(link(link)));
        return new JsonObject()
                .put("host", now.host().name())
                .put("bridges", ports)
                .put("interfaces", links)
                .encodePrettily();
    }

    private static JsonObject link(Link link) {
        JsonObject json = new JsonObject()
                .put("name", link.name().value())
                .put("index", link.index())
                .put("kind", link.kind())
                .put("aliases", new JsonArray(link.altNames()))
                .put("up", link.up())
                .put("carrier", link.carrier());
        link.mac().ifPresent(mac -> json.put("mac", mac));
        return json;
    }

    /** Returns the links of each container. */
    static String bindings(Inventory now) {
        JsonObject bindings = new JsonObject();
        now.containersById().forEach(container -> bindings.put(container.id().value(), links(container)));
        return bindings.encodePrettily();
    }

    private static JsonArray links(KnownContainer container) {
        JsonArray links = new JsonArray();
        for (LinkStatus link : container.status().links()) {
            JsonObject json = new JsonObject()
                    .put("interface", link.name())
                    .put("aliases", new JsonArray(link.altNames()))
                    .put("bridge", link.bridge().orElse(""))
                    .put("ofport", link.ofport());
            link.vlan().ifPresent(vlan -> json.put("tag", vlan));
            links.add(json);
        }
        return links;
    }

    private static List<String> bridges(Inventory now) {
        return now.bridges().keys().stream().sorted().toList();
    }

    /** The bridge's own port is not among them. */
    private static List<Port> portsOf(Inventory now, String bridge) {
        return now.ports().values().stream()
                .filter(port -> port.bridge().equals(bridge) && !port.name().equals(bridge))
                .sorted(Comparator.comparing(Port::name))
                .toList();
    }
}
