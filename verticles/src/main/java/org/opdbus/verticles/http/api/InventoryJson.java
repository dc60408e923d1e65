// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.opdbus.events.Bridge;
import org.opdbus.events.Link;
import org.opdbus.events.Port;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.HostFacts.LedgerStanding;
import org.opdbus.verticles.inventory.KnownContainer;
import org.opdbus.verticles.inventory.Peer;
import org.opdbus.verticles.inventory.json.ContainerJson;
import org.opdbus.verticles.view.PortOwner;

/**
 * The objects of the inventory as JSON. Each has a {@code key} that no other object of its kind has, on any host. A value that is not
 * known is null. Pure functions, for any thread; names and texts are as they were heard, so they can
 * hold any character.
 */
public final class InventoryJson {
    private InventoryJson() {}

    /** Returns the key of an object of a host. */
    public static String key(String host, Object id) {
        return host + '/' + id;
    }

    /** Returns this host. */
    public static JsonObject host(HostFacts host) {
        LedgerStanding ledger = host.ledger();
        JsonObject sources = new JsonObject();
        host.sources()
                .forEach((source, standing) -> sources.put(
                        word(source),
                        new JsonObject().put("state", word(standing.heard())).put("reason", standing.reason())));
        return new JsonObject()
                .put("key", host.name())
                .put("name", host.name())
                .put("self", true)
                .put("up", true)
                .put("lastSeen", null)
                .put("height", ledger.height().orElse(null))
                .put("behind", 0)
                .put("head", ledger.hash().orElse(null))
                .put("version", host.version())
                .put("started", host.started().toString())
                .put("ready", host.isReady())
                .put("sources", sources)
                .put(
                        "ledger",
                        new JsonObject()
                                .put("height", ledger.height().orElse(null))
                                .put("hash", ledger.hash().orElse(null))
                                .put("degraded", ledger.degraded().orElse(null)))
                .put("leftOut", 0);
    }

    /** Returns another host, with the keys of {@link #host}. */
    public static JsonObject peer(Peer peer) {
        return new JsonObject()
                .put("key", peer.host())
                .put("name", peer.host())
                .put("self", false)
                .put("up", peer.up())
                .put("lastSeen", peer.lastSeen().toString())
                .put("height", peer.height())
                .put("behind", peer.behind())
                .put("head", peer.head().isEmpty() ? null : peer.head())
                .put("version", peer.version())
                .put("started", null)
                .put("ready", null)
                .put("sources", null)
                .put("ledger", null)
                .put("leftOut", peer.leftOut());
    }

    /** Returns a container or a virtual machine of this host. {@link PeerContainers} has those of other hosts. */
    public static JsonObject container(KnownContainer container, String host) {
        JsonObject mesh = ContainerJson.mesh(container.mesh());
        if (!mesh.isEmpty()) {
            mesh.put(
                    "joined",
                    container
                            .mesh()
                            .standing()
                            .filter(standing -> standing.joined())
                            .isPresent());
        }
        return new JsonObject()
                .put("key", key(host, container.id()))
                .put("host", host)
                .mergeIn(ContainerJson.of(container))
                .put("remedy", container.remedy())
                .put("vlan", container.firstLink().flatMap(LinkStatus::vlan).orElse(null))
                .put("since", container.since().toString())
                .put("mesh", mesh.isEmpty() ? null : mesh);
    }

    /** Returns a bridge of this host. */
    public static JsonObject bridge(Bridge bridge, String host) {
        return new JsonObject()
                .put("key", key(host, bridge.name()))
                .put("host", host)
                .put("name", bridge.name())
                .put("datapathType", bridge.datapathType());
    }

    /** Returns a port of this host; its {@code container} and {@code entry} are those in its marks if the port is ours. */
    public static JsonObject port(Port port, String host) {
        Optional<PortOwner> owner = PortOwner.of(port, host);
        return new JsonObject()
                .put("key", key(host, port.uuid()))
                .put("host", host)
                .put("id", port.uuid())
                .put("name", port.name())
                .put("bridge", port.bridge())
                .put("vlan", port.tag().orElse(null))
                .put("trunks", array(port.trunks().stream().sorted().toList()))
                .put("vlanMode", port.vlanMode().orElse(null))
                .put("type", port.interfaceType())
                .put("ofport", port.ofport())
                .put("live", port.isLive())
                .put("container", owner.map(marks -> marks.container().value()).orElse(null))
                .put("entry", owner.flatMap(PortOwner::entry).orElse(null))
                .put("marks", object(port.externalIds()))
                .put("error", port.error().orElse(null));
    }

    /** Returns a link of this host. */
    public static JsonObject link(Link link, String host) {
        return new JsonObject()
                .put("key", key(host, link.index()))
                .put("host", host)
                .put("index", link.index())
                .put("name", link.name().value())
                .put("altNames", array(link.altNames()))
                .put("kind", link.kind())
                .put("mac", link.mac().orElse(null))
                .put("up", link.up())
                .put("carrier", link.carrier())
                .put("master", link.master() == 0 ? null : link.master())
                .put("peer", link.peerIndex() == 0 ? null : link.peerIndex())
                .put("namespace", link.peerNamespace() == Link.NO_NAMESPACE ? null : link.peerNamespace());
    }

    static JsonArray array(Collection<?> values) {
        return new JsonArray(new ArrayList<>(List.copyOf(values)));
    }

    static JsonObject object(Map<String, String> values) {
        return new JsonObject(new TreeMap<String, Object>(values));
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
