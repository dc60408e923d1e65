// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.capture;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Link;
import org.opdbus.events.Port;
import org.opdbus.verticles.capture.CaptureOptions;
import org.opdbus.verticles.http.capture.CaptureQuery.Name;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.inventory.KnownContainer;

/**
 * What can be captured on this host: the containers, the bridges with their ports, the other links of the host, and the labs. Waits
 * for the kernel for some milliseconds.
 */
final class CaptureTargets {
    /** The type of a container of LXC in the list, by which Wireshark's plug-in knows it. */
    static final String CONTAINER = "lxc";

    private static final String BRIDGE = "bridge";
    private static final String HOST = "host";
    /** The plug-in repeats the names of the links in the address of a capture, which has a limit. */
    private static final int PORTS_MAX = 32;

    private static final Path OWN_NAMESPACE = Path.of("/proc/self/ns/net");

    private final Inventory inventory;
    private final Set<String> existing = new HashSet<>();
    private final Set<String> listed = new HashSet<>();
    private final List<ListedTarget> all = new ArrayList<>();
    private final long namespace;

    private CaptureTargets(Inventory inventory) {
        this.inventory = inventory;
        namespace = inode(OWN_NAMESPACE);
        inventory.links().values().forEach(link -> existing.add(link.name().value()));
    }

    /** Returns everything that can be captured now. */
    static List<ListedTarget> of(Inventory inventory) {
        CaptureTargets made = new CaptureTargets(inventory);
        made.containers();
        made.bridges();
        made.others();
        made.all.addAll(LabTargets.find());
        return made.all;
    }

    /** Returns the document of {@code /mobyshark}. A target of many links is listed in parts. */
    static String json(List<ListedTarget> targets) {
        JsonArray containers = new JsonArray();
        for (ListedTarget target : targets) {
            for (int from = 0; from < target.ports().size(); from += PORTS_MAX) {
                int to = Math.min(from + PORTS_MAX, target.ports().size());
                String name = target.name().name();
                containers.add(target.with(
                                from == 0 ? name : name + " (" + (from + 1) + " to " + to + ")",
                                target.ports().subList(from, to))
                        .json());
            }
        }
        return new JsonObject().put("containers", containers).encodePrettily() + "\n";
    }

    /** Returns the number of a namespace's inode, which identifies it; 0 if there is no such namespace. */
    static long inode(Path file) {
        try {
            return (Long) Files.getAttribute(file, "unix:ino");
        } catch (IOException gone) {
            return 0;
        }
    }

    private void containers() {
        for (KnownContainer container : inventory.containersById()) {
            List<CaptureOptions.Port> ports = container.status().links().stream()
                    .filter(link -> existing.contains(link.name()))
                    .map(link -> port(container, link))
                    .toList();
            add(container.kind().name().toLowerCase(Locale.ROOT), name(container), ports);
        }
    }

    /** Two virtual machines can have the same name; of an engine each name is the only one. */
    private static String name(KnownContainer container) {
        String own = container.id().own();
        return container.kind() == Kind.VM && !container.name().equals(own)
                ? own + " (" + container.name() + ")"
                : container.name();
    }

    private static CaptureOptions.Port port(KnownContainer container, LinkStatus link) {
        return described(link.name(), Optional.of(container.id().value()), link.bridge(), link.vlan());
    }

    /** Describes a port for the reader of a capture. */
    private static CaptureOptions.Port described(
            String link, Optional<String> container, Optional<String> bridge, Optional<Integer> vlan) {
        return new CaptureOptions.Port(
                link,
                String.join(
                        ", ",
                        Stream.of(
                                        container.map(id -> "container " + id),
                                        bridge.map(name -> "bridge " + name),
                                        vlan.map(tag -> "VLAN " + tag))
                                .flatMap(Optional::stream)
                                .toList()));
    }

    /** A bridge with its own link first, of Open vSwitch and of the kernel. */
    private void bridges() {
        Map<String, List<CaptureOptions.Port>> bridges = new TreeMap<>();
        for (String bridge : inventory.bridges().keys()) {
            bridges.computeIfAbsent(bridge, CaptureTargets::withOwnLink);
        }
        Map<Integer, String> kernels = new TreeMap<>();
        for (Link link : inventory.links().values()) {
            if (link.kind().equals(BRIDGE)) {
                kernels.put(link.index(), link.name().value());
                bridges.computeIfAbsent(link.name().value(), CaptureTargets::withOwnLink);
            }
        }
        inventory.ports().values().stream()
                .filter(port -> !port.name().equals(port.bridge()))
                .sorted(Comparator.comparing(Port::name))
                .forEach(port -> Optional.ofNullable(bridges.get(port.bridge()))
                        .ifPresent(ports -> ports.add(onBridge(port.name(), port.bridge(), port.tag()))));
        inventory.links().values().stream()
                .sorted(Comparator.comparing(Link::name))
                .forEach(link -> Optional.ofNullable(kernels.get(link.master()))
                        .ifPresent(bridge -> bridges.computeIfAbsent(bridge, CaptureTargets::withOwnLink)
                                .add(onBridge(link.name().value(), bridge, Optional.empty()))));
        bridges.forEach((name, ports) -> add(
                BRIDGE,
                name,
                ports.stream().filter(port -> existing.contains(port.name())).toList()));
    }

    private CaptureOptions.Port onBridge(String link, String bridge, Optional<Integer> vlan) {
        return described(link, containerOf(link), Optional.of(bridge), vlan);
    }

    private static List<CaptureOptions.Port> withOwnLink(String bridge) {
        return new ArrayList<>(List.of(described(bridge, Optional.empty(), Optional.of(bridge), Optional.empty())));
    }

    private Optional<String> containerOf(String link) {
        return inventory.containers().values().stream()
                .filter(container -> container.status().links().stream()
                        .anyMatch(each -> each.name().equals(link)))
                .map(container -> container.id().value())
                .findFirst();
    }

    /** The links that belong to no container and to no bridge, such as uplinks and the loopback. */
    private void others() {
        List<CaptureOptions.Port> ports = inventory.links().values().stream()
                .map(link -> link.name().value())
                .filter(name -> !listed.contains(name))
                .sorted()
                .map(name -> new CaptureOptions.Port(name, ""))
                .toList();
        add(HOST, inventory.host().name(), ports);
    }

    private void add(String type, String name, List<CaptureOptions.Port> ports) {
        ports.forEach(port -> listed.add(port.name()));
        if (!ports.isEmpty()) {
            all.add(new ListedTarget(new Name(type, name), Optional.empty(), namespace, ports));
        }
    }
}
