// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.Bridge;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.PortMaker;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.events.Port;
import org.opdbus.events.Workload;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;
import org.opdbus.verticles.inventory.HostFacts.LedgerStanding;
import org.opdbus.verticles.inventory.HostFacts.SourceStanding;
import org.opdbus.verticles.inventory.json.ContainerJson;
import org.opdbus.verticles.view.PortOwner;

/**
 * The inventory of a host that does not exist: a test says what is on it. What a face shows of it is the same at each run, and it can
 * be larger than a test could make it of real containers. For one thread.
 */
public final class SyntheticHost {
    /** The first index of a container's link. */
    private static final int FIRST_LINK = 10;

    private final String name;
    private final LiveInventory live;

    /** Creates a host on which every source has listed nothing. */
    public SyntheticHost(String name, Instant started) {
        this.name = name;
        Map<Source, SourceStanding> sources = new EnumMap<>(Source.class);
        for (Source source : Source.values()) {
            if (source.isEverywhere()) {
                sources.put(source, SourceStanding.LISTED);
            }
        }
        live = new LiveInventory(new HostFacts(
                name,
                "0.1.0",
                started,
                sources,
                new LedgerStanding(Optional.empty(), Optional.empty(), Optional.empty())));
    }

    /**
     * A container of a synthetic host.
     *
     * @param number its number on the host, from 0; its link and its port have theirs from it
     * @param bridge empty if it is attached to none
     * @param state its phase, and with REFUSED or DRIFTED why and what to do
     */
    public record Shape(
            Workload workload,
            int number,
            String bridge,
            Optional<Integer> vlan,
            ContainerPhase state,
            String why,
            String remedy,
            MeshMembership mesh,
            Instant since) {
        /** Returns an enrolled container of LXC. */
        public static Shape lxc(String name, int number, String bridge, int vlan, Instant since) {
            return new Shape(
                    new Workload.LxcContainer(new ContainerId(name), "/var/lib/lxc"),
                    number,
                    bridge,
                    vlan == 0 ? Optional.empty() : Optional.of(vlan),
                    ContainerPhase.ENROLLED,
                    "",
                    "",
                    MeshMembership.NONE,
                    since);
        }

        /** Returns the same one in another phase. */
        public Shape in(ContainerPhase phase, String reason, String cure) {
            return new Shape(workload, number, bridge, vlan, phase, reason, cure, mesh, since);
        }

        /** Returns the same one as a workload of another kind. */
        public Shape as(Workload other) {
            return new Shape(other, number, bridge, vlan, state, why, remedy, mesh, since);
        }

        /** Returns the same one in a mesh. */
        public Shape in(MeshStanding standing) {
            return new Shape(
                    workload,
                    number,
                    bridge,
                    vlan,
                    state,
                    why,
                    remedy,
                    new MeshMembership(Optional.of(standing), List.of()),
                    since);
        }

        private String link() {
            return "vi" + workload.id().own().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        }

        /** Returns the name of its link. */
        public LinkName linkName() {
            String full = link();
            return new LinkName(full.length() > 15 ? full.substring(0, 10) + number : full);
        }

        private boolean isRunning() {
            return state != ContainerPhase.STOPPED;
        }

        private boolean hasPort() {
            return !bridge.isEmpty() && (state == ContainerPhase.ENROLLED || state == ContainerPhase.DRIFTED);
        }

        KnownContainer known() {
            List<LinkStatus> links = new ArrayList<>();
            if (isRunning()) {
                links.add(new LinkStatus(
                        FIRST_LINK + number,
                        linkName().value(),
                        List.of(),
                        hasPort() ? Optional.of(bridge) : Optional.empty(),
                        vlan,
                        hasPort() ? number + 1 : 0));
            }
            return new KnownContainer(
                    new ContainerStatus(workload.id(), Optional.of(workload), isRunning(), state, why, remedy, links),
                    WantedContainer.UNNAMED,
                    mesh,
                    since);
        }

        Link hostLink() {
            return new Link(
                    FIRST_LINK + number,
                    linkName(),
                    List.of(),
                    "veth",
                    Optional.of("52:54:00:00:%02x:%02x".formatted(number >> 8, number & 0xff)),
                    2,
                    number,
                    0,
                    true,
                    true);
        }

        Port port(String host) {
            String uuid = UUID.nameUUIDFromBytes((host + '/' + workload.id()).getBytes(StandardCharsets.UTF_8))
                    .toString();
            PortOwner marks = new PortOwner(
                    host,
                    workload.id(),
                    FIRST_LINK + number,
                    uuid.substring(0, 8),
                    Optional.of(PortMaker.AGENT),
                    Optional.of((long) number + 3));
            return new Port(
                    uuid,
                    linkName().value(),
                    bridge,
                    vlan,
                    Set.of(),
                    Optional.empty(),
                    marks.toExternalIds(),
                    "",
                    number + 1,
                    Optional.empty());
        }
    }

    public String name() {
        return name;
    }

    public LiveInventory live() {
        return live;
    }

    /** Makes a change that readers see as a whole. */
    public void change(UnaryOperator<Inventory> change) {
        live.update(change);
    }

    public SyntheticHost bridge(String bridge, String datapathType) {
        live.update(now -> now.withBridges(now.bridges().with(bridge, new Bridge(bridge, datapathType))));
        return this;
    }

    /** Puts these containers, with their links and ports, in one change. */
    public SyntheticHost put(List<Shape> shapes) {
        live.update(now -> {
            Inventory changed = now;
            for (Shape shape : shapes) {
                changed = with(changed, shape);
            }
            return changed;
        });
        return this;
    }

    /** Puts a port of another program. */
    public SyntheticHost port(Port port) {
        live.update(now -> now.withPorts(now.ports().with(port.uuid(), port)));
        return this;
    }

    /** Removes these containers, with their links and ports, in one change. */
    public SyntheticHost remove(List<Shape> shapes) {
        live.update(now -> {
            Inventory changed = now;
            for (Shape shape : shapes) {
                changed = changed.withContainers(
                                changed.containers().without(shape.workload().id()))
                        .withLinks(changed.links().without(shape.hostLink().index()))
                        .withPorts(changed.ports().without(shape.port(name).uuid()));
            }
            return changed;
        });
        return this;
    }

    /** Puts another host of the cluster, with these containers. */
    public SyntheticHost peer(String peer, boolean up, Instant lastSeen, long height, List<Shape> shapes) {
        List<String> texts = shapes.stream()
                .map(shape -> ContainerJson.of(shape.known())
                        .put("mesh", ContainerJson.mesh(shape.mesh()))
                        .encode())
                .toList();
        return peer(new Peer(peer, up, lastSeen, height, up ? height : height - 2, "5e".repeat(32), "0.1.0", texts, 0));
    }

    /** Puts another host of the cluster. */
    public SyntheticHost peer(Peer peer) {
        live.update(now -> now.withPeers(now.peers().with(peer.host(), peer)));
        return this;
    }

    /** Says what was written to the ledger last. */
    public SyntheticHost ledger(long height, String hash) {
        live.update(now -> now.withHost(
                now.host().with(new LedgerStanding(Optional.of(height), Optional.of(hash), Optional.empty()))));
        return this;
    }

    private Inventory with(Inventory now, Shape shape) {
        Inventory changed =
                now.withContainers(now.containers().with(shape.workload().id(), shape.known()));
        if (shape.isRunning()) {
            changed = changed.withLinks(changed.links().with(shape.hostLink().index(), shape.hostLink()));
        }
        Port port = shape.port(name);
        return changed.withPorts(
                shape.hasPort()
                        ? changed.ports().with(port.uuid(), port)
                        : changed.ports().without(port.uuid()));
    }
}
