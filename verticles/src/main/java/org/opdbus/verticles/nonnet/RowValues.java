// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.opdbus.events.Bridge;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.Link;
import org.opdbus.events.Port;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.KnownContainer;
import org.opdbus.verticles.inventory.KnownEnrollment;
import org.opdbus.verticles.inventory.KnownLab;
import org.opdbus.verticles.inventory.KnownLab.Place;
import org.opdbus.verticles.inventory.Peer;

/** Makes the column values of the rows about links, ports, bridges, containers, labs and other objects. */
final class RowValues {
    private RowValues() {}

    static Map<String, Datum> of(Link link) {
        return Map.of(
                "index", Datum.of(link.index()),
                "name", Datum.of(link.name().value()),
                "alt_names", Datum.of(link.altNames()),
                "kind", Datum.of(link.kind()),
                "mac", Datum.of(link.mac()),
                "peer_index", Datum.ofNumber(unless(0, link.peerIndex())),
                "peer_namespace", Datum.ofNumber(unless(Link.NO_NAMESPACE, link.peerNamespace())),
                "master", Datum.ofNumber(unless(0, link.master())),
                "up", Datum.of(link.up()),
                "carrier", Datum.of(link.carrier()));
    }

    static Map<String, Datum> of(Port port) {
        Map<String, Datum> row = new LinkedHashMap<>();
        row.put("name", Datum.of(port.name()));
        row.put("bridge", Datum.of(port.bridge()));
        row.put("tag", Datum.ofNumber(port.tag()));
        row.put("trunks", Datum.ofNumbers(port.trunks()));
        row.put("vlan_mode", Datum.of(port.vlanMode()));
        row.put("external_ids", Datum.of(port.externalIds()));
        row.put("ofport", Datum.ofNumber(unless(0, port.ofport())));
        row.put("error", Datum.of(port.error()));
        row.put("type", Datum.of(port.interfaceType()));
        return row;
    }

    static Map<String, Datum> of(Bridge bridge) {
        return Map.of("name", Datum.of(bridge.name()), "datapath_type", Datum.of(bridge.datapathType()));
    }

    static Map<String, Datum> of(KnownEnrollment enrollment) {
        ContainerEnrolled fact = enrollment.fact();
        return Map.of(
                "enrollment", Datum.of(fact.enrollment()),
                "container", Datum.of(fact.container().value()),
                "link", Datum.of(fact.link().value()),
                "bridge", Datum.of(fact.bridge()),
                "vlan", Datum.ofNumber(fact.vlan()),
                "mac", Datum.of(fact.mac()),
                "ofport", Datum.of(fact.ofport()),
                "since", Datum.of(enrollment.since().toString()),
                "height", Datum.ofNumber(enrollment.height()));
    }

    /** Returns the values for a container or a virtual machine of this host, in the table of its kind. */
    static Map<String, Datum> of(KnownContainer container, String host) {
        Map<String, Datum> row = new LinkedHashMap<>();
        row.put("id", Datum.of(container.id().value()));
        row.put("bridge", Datum.of(container.bridge()));
        row.put("running", Datum.of(container.status().running()));
        row.put("properties", Datum.of(properties(container)));
        row.put("state", Datum.of(container.state()));
        row.put("since", Datum.of(container.since().toString()));
        row.put("host", Datum.of(host));
        row.put("error", Datum.of(unlessEmpty(container.reason())));
        if (container.kind() != Kind.VM) {
            row.put("veth", Datum.of(container.veth()));
        }
        if (container.kind().isEngine()) {
            putEngine(container, row);
        } else if (container.kind() == Kind.VM) {
            row.put("name", Datum.of(container.name()));
            row.put(
                    "taps",
                    Datum.of(container.status().links().stream()
                            .map(LinkStatus::name)
                            .toList()));
        }
        return row;
    }

    /** Nothing but the name is known of a container of which only a port is left. */
    private static void putEngine(KnownContainer container, Map<String, Datum> row) {
        Optional<EngineContainer> engine = container.engine();
        row.put("engine", Datum.of(word(container.kind())));
        row.put("name", Datum.of(container.name()));
        row.put("image", Datum.of(engine.map(EngineContainer::image).orElse("")));
        row.put("network", Datum.of(engine.map(EngineContainer::network).orElse("")));
        row.put("role", Datum.of(engine.flatMap(known -> known.asked().role())));
        row.put(
                "label_faults",
                Datum.of(engine.map(known -> known.asked().faults()).orElse(List.of())));
    }

    private static Map<String, String> properties(KnownContainer container) {
        Map<String, String> properties = new LinkedHashMap<>();
        if (container.kind() == Kind.LXC) {
            properties.put("network_type", "bridge");
        }
        properties.putAll(container.wantedProperties());
        container.firstLink().flatMap(LinkStatus::vlan).ifPresent(vlan -> properties.put("vlan", vlan.toString()));
        if (container.wanted().inMesh()) {
            properties.put("network_type", "netmaker");
        }
        container.mesh().standing().ifPresent(standing -> {
            properties.put("mesh_phase", standing.phase());
            properties.put("mesh_network", standing.network());
            properties.put("mesh_address", standing.address());
        });
        return properties;
    }

    static Map<String, Datum> of(HostFacts host) {
        Map<String, String> sources = new TreeMap<>();
        host.sources().forEach((source, standing) -> sources.put(word(source), word(standing.heard())));
        return Map.of(
                "name", Datum.of(host.name()),
                "version", Datum.of(host.version()),
                "started", Datum.of(host.started().toString()),
                "sources", Datum.of(sources),
                "ledger_height", Datum.ofNumber(host.ledger().height()),
                "ledger_hash", Datum.of(host.ledger().hash()),
                "ledger_error", Datum.of(host.ledger().degraded()),
                "state", Datum.of("self"),
                "last_seen", Datum.of(Optional.empty()));
    }

    static Map<String, Datum> of(Peer peer) {
        return Map.of(
                "name", Datum.of(peer.host()),
                "version", Datum.of(peer.version()),
                "started", Datum.of(""),
                "sources", Datum.of(Map.of()),
                "ledger_height", Datum.ofNumber(Optional.of(peer.height())),
                "ledger_hash", Datum.of(Optional.empty()),
                "ledger_error", Datum.of(Optional.empty()),
                "state", Datum.of(peer.up() ? "up" : "away"),
                "last_seen",
                        Datum.of(Optional.of(
                                peer.lastSeen().truncatedTo(ChronoUnit.MILLIS).toString())));
    }

    static Map<String, Datum> of(KnownLab lab) {
        return Map.of(
                "name", Datum.of(lab.name()),
                "namespace", Datum.of(lab.namespace()),
                "running", Datum.of(lab.running()),
                "settled", Datum.of(lab.settled()),
                "items", Datum.of(lab.items()),
                "trouble", Datum.of(lab.trouble()));
    }

    static Map<String, Datum> of(String lab, KnownLab.Lan lan) {
        return Map.of(
                "lab", Datum.of(lab),
                "name", Datum.of(lan.name()),
                "bridge", Datum.of(lan.bridge()),
                "live", Datum.of(lan.live()),
                "endpoints", Datum.of(lan.endpoints()),
                "spied", Datum.of(lan.spied()));
    }

    static Map<String, Datum> of(String lab, KnownLab.Endpoint endpoint) {
        Map<String, Datum> row = new LinkedHashMap<>();
        row.put("lab", Datum.of(lab));
        row.put("name", Datum.of(endpoint.port()));
        row.put("item", Datum.of(endpoint.item()));
        row.put("kind", Datum.of(endpoint.kind()));
        row.put("state", Datum.of(endpoint.machine()));
        row.put("number", Datum.of(endpoint.number()));
        row.put("lan", Datum.of(endpoint.place().map(Place::lan)));
        row.put("tag", Datum.ofNumber(endpoint.place().flatMap(place -> unless(0, place.tag()))));
        row.put("trunks", Datum.ofNumbers(endpoint.place().map(Place::trunks).orElse(List.of())));
        row.put("spied", Datum.of(endpoint.spied()));
        row.put("mac", Datum.of(unlessEmpty(endpoint.mac())));
        row.put("ofport", Datum.ofNumber(unless(0, endpoint.ofport())));
        row.put("error", Datum.of(unlessEmpty(endpoint.reason())));
        return row;
    }

    private static Optional<String> unlessEmpty(String text) {
        return Optional.of(text).filter(value -> !value.isEmpty());
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static Optional<Integer> unless(int none, int value) {
        return value == none ? Optional.empty() : Optional.of(value);
    }
}
