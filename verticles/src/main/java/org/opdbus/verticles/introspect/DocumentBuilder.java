// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.opdbus.events.Bridge;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Port;
import org.opdbus.verticles.introspect.NetworkDocument.Evidence;
import org.opdbus.verticles.introspect.NetworkDocument.OwnedAddress;
import org.opdbus.verticles.introspect.NetworkDocument.OwnedBridge;
import org.opdbus.verticles.introspect.NetworkDocument.OwnedContainer;
import org.opdbus.verticles.introspect.NetworkDocument.OwnedLink;
import org.opdbus.verticles.introspect.NetworkDocument.OwnedPort;
import org.opdbus.verticles.introspect.NetworkDocument.OwnedRoute;
import org.opdbus.verticles.introspect.NetworkDocument.OwnedRule;
import org.opdbus.verticles.introspect.NetworkDocument.Resolver;
import org.opdbus.verticles.introspect.SwitchRows.BridgeRow;
import org.opdbus.verticles.introspect.SwitchRows.Mirror;
import org.opdbus.verticles.introspect.owner.Owner;
import org.opdbus.verticles.introspect.owner.Ownership;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.inventory.KnownContainer;
import org.opdbus.verticles.kernel.netlink.LinkSpeed;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;

/** Puts together what the sources said. It asks nothing itself. For one document. */
final class DocumentBuilder {
    private static final LinkSpeed NO_SPEED = new LinkSpeed(Optional.empty(), Optional.empty());

    /** The sort is stable: the kernel's order within a table stays. */
    private static final Comparator<ListedRoute> BY_TABLE =
            Comparator.comparing(ListedRoute::family).thenComparing(ListedRoute::table);

    /**
     * What the sources said.
     *
     * @param resolver the resolver's own file
     * @param upstream the file of systemd-resolved that names the servers that it asks
     */
    record Parts(
            KernelPicture kernel,
            Inventory inventory,
            SwitchRows rows,
            ResolverFile resolver,
            ResolverFile upstream,
            Ownership ownership,
            List<String> troubles) {}

    private final Parts parts;
    private final int itemsMax;
    private final Map<String, Long> leftOut;
    private final Map<Integer, ListedLink> links = new TreeMap<>();
    private final Map<Integer, String> containerByLink = new HashMap<>();
    private final Map<String, String> portNames = new HashMap<>();
    private final Map<String, String> bridgeByPort = new HashMap<>();
    private final ObjectOwners owners;

    private DocumentBuilder(Parts parts, int itemsMax) {
        this.parts = parts;
        this.itemsMax = itemsMax;
        leftOut = new TreeMap<>(parts.kernel().leftOut());
        parts.kernel().links().forEach(link -> links.put(link.index(), link));
        containersByLink(parts.inventory()).forEach((index, id) -> containerByLink.put(index, id.toString()));
        for (Port port : parts.inventory().ports().values()) {
            portNames.put(port.uuid(), port.name());
            bridgeByPort.put(port.name(), port.bridge());
        }
        owners = new ObjectOwners(links, parts.ownership());
    }

    /**
     * Builds the document.
     *
     * @param itemsMax how many objects of each kind it may have; it counts the others
     */
    static NetworkDocument build(Parts parts, Instant time, int itemsMax) {
        return new DocumentBuilder(parts, itemsMax).document(time);
    }

    private <T> List<T> limited(String kind, List<T> all) {
        if (all.size() <= itemsMax) {
            return all;
        }
        leftOut.merge(kind, (long) all.size() - itemsMax, Long::sum);
        return all.subList(0, itemsMax);
    }

    private NetworkDocument document(Instant time) {
        Map<Integer, String> names = new HashMap<>();
        links.values().forEach(link -> names.put(link.index(), link.name()));
        List<String> troubles = new ArrayList<>(parts.troubles());
        troubles.addAll(parts.kernel().troubles());
        troubles.addAll(parts.ownership().troubles());
        return new NetworkDocument(
                parts.inventory().host().name(),
                time,
                links(),
                limited(
                                "routes",
                                parts.kernel().routes().stream()
                                        .sorted(BY_TABLE)
                                        .toList())
                        .stream()
                        .map(route -> new OwnedRoute(route, owners.of(route)))
                        .toList(),
                limited("rules", parts.kernel().rules()).stream()
                        .map(rule -> new OwnedRule(rule, owners.of(rule)))
                        .toList(),
                resolver(),
                bridges(),
                limited("containers", parts.inventory().containersById()).stream()
                        .map(this::container)
                        .toList(),
                names,
                leftOut,
                troubles.stream().sorted().toList());
    }

    /** Returns the container at the other end of each link that leads into one, by the link's index. */
    static Map<Integer, ContainerId> containersByLink(Inventory inventory) {
        Map<Integer, ContainerId> byLink = new HashMap<>();
        for (KnownContainer container : inventory.containers().values()) {
            container.status().links().forEach(link -> byLink.put(link.index(), container.id()));
        }
        return byLink;
    }

    private List<OwnedLink> links() {
        Map<Integer, List<OwnedAddress>> addresses = new HashMap<>();
        for (ListedAddress address : limited("addresses", parts.kernel().addresses())) {
            addresses
                    .computeIfAbsent(address.index(), index -> new ArrayList<>())
                    .add(new OwnedAddress(address, owners.of(address)));
        }
        return limited("links", List.copyOf(links.values())).stream()
                .map(link -> new OwnedLink(
                        link,
                        parts.kernel().speeds().getOrDefault(link.index(), NO_SPEED),
                        Optional.ofNullable(bridgeByPort.get(link.name())),
                        Optional.ofNullable(containerByLink.get(link.index())),
                        addresses.getOrDefault(link.index(), List.of()),
                        owners.of(link)))
                .toList();
    }

    private Resolver resolver() {
        ResolverFile file = parts.resolver();
        return new Resolver(
                file.target(),
                file.nameservers(),
                file.search(),
                file.options(),
                parts.upstream().nameservers(),
                owners.ofResolver());
    }

    private List<OwnedBridge> bridges() {
        Map<String, List<OwnedPort>> ports = new HashMap<>();
        List<Port> all = parts.inventory().ports().values().stream()
                .sorted(Comparator.comparing(Port::name).thenComparing(Port::uuid))
                .toList();
        limited("ports", all)
                .forEach(port -> ports.computeIfAbsent(port.bridge(), bridge -> new ArrayList<>())
                        .add(new OwnedPort(port, owners.ofName(port.name()))));
        List<Bridge> bridges = parts.inventory().bridges().values().stream()
                .sorted(Comparator.comparing(Bridge::name))
                .toList();
        return limited("bridges", bridges).stream()
                .map(bridge -> bridge(bridge, ports.getOrDefault(bridge.name(), List.of())))
                .toList();
    }

    private OwnedBridge bridge(Bridge bridge, List<OwnedPort> ports) {
        BridgeRow row = parts.rows()
                .bridges()
                .getOrDefault(bridge.name(), new BridgeRow(Optional.empty(), List.of(), List.of()));
        return new OwnedBridge(
                bridge.name(),
                // The database's default.
                bridge.datapathType().isEmpty() ? "system" : bridge.datapathType(),
                row.failMode(),
                row.controllers(),
                row.mirrors().stream().map(this::withNames).toList(),
                ports,
                owners.ofName(bridge.name()));
    }

    private Mirror withNames(Mirror mirror) {
        return new Mirror(
                mirror.name(),
                mirror.selectsAll(),
                names(mirror.sourcePorts()),
                names(mirror.destinationPorts()),
                mirror.vlans(),
                mirror.outputPort().map(this::portName),
                mirror.outputVlan());
    }

    private List<String> names(List<String> ports) {
        return ports.stream().map(this::portName).sorted().toList();
    }

    private String portName(String uuid) {
        return portNames.getOrDefault(uuid, uuid);
    }

    /** Proxmox VE's containers are LXC's, and its machines qemu's, too. */
    private OwnedContainer container(KnownContainer container) {
        boolean isMachine = container.kind() == Kind.VM;
        String what = (isMachine ? "virtual machine " : "container ") + container.id();
        List<Evidence> proxmox = container.status().links().stream()
                .flatMap(link -> parts.ownership().of(link.name()).stream())
                .filter(claim -> claim.owner() == Owner.PROXMOX)
                .findFirst()
                .map(claim -> List.of(new Evidence(claim.owner().word(), what, claim.evidence())))
                .orElse(List.of());
        List<Evidence> all = new ArrayList<>(proxmox);
        Owner maker = Owner.of(container.kind());
        all.add(new Evidence(
                maker.word(), what, maker.word() + (isMachine ? " runs the machine" : " knows the container")));
        return new OwnedContainer(container, all);
    }
}
