// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.util.Comparator;
import java.util.List;
import org.opdbus.events.Bridge;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.Port;

/**
 * The state of this host at one moment, and what it knows of other hosts. It never changes, so any thread may keep and read it.
 *
 * @param version the number of changes in this run of the agent; the newer inventory has the higher version
 * @param host the agent of this host: its sources and its ledger
 * @param containers every container and virtual machine that its source knows or that has a port of ours
 * @param links every link of the host's network namespace, by index
 * @param ports every port of Open vSwitch, by the row's identifier, because a port and its replacement can have the same name
 * @param bridges every bridge of Open vSwitch, by name
 * @param enrollments every open enrolment, by its id
 * @param peers the other hosts of the cluster, by name
 * @param labs the labs of this host, by name
 * @param tally how many of the containers there are of each kind
 */
// A map returns itself if nothing in it is different. So comparing references is enough to detect a change.
@SuppressWarnings("ReferenceEquality")
public record Inventory(
        long version,
        HostFacts host,
        SnapshotMap<ContainerId, KnownContainer> containers,
        SnapshotMap<Integer, Link> links,
        SnapshotMap<String, Port> ports,
        SnapshotMap<String, Bridge> bridges,
        SnapshotMap<String, KnownEnrollment> enrollments,
        SnapshotMap<String, Peer> peers,
        SnapshotMap<String, KnownLab> labs,
        ContainerTally tally) {
    /** Returns an inventory with the agent's own state only, and version 0. */
    public static Inventory of(HostFacts host) {
        return new Inventory(
                0,
                host,
                SnapshotMap.empty(),
                SnapshotMap.empty(),
                SnapshotMap.empty(),
                SnapshotMap.empty(),
                SnapshotMap.empty(),
                SnapshotMap.empty(),
                SnapshotMap.empty(),
                ContainerTally.EMPTY);
    }

    Inventory at(long newVersion) {
        return new Inventory(newVersion, host, containers, links, ports, bridges, enrollments, peers, labs, tally);
    }

    Inventory withHost(HostFacts changed) {
        return changed.equals(host)
                ? this
                : new Inventory(version, changed, containers, links, ports, bridges, enrollments, peers, labs, tally);
    }

    Inventory withContainers(SnapshotMap<ContainerId, KnownContainer> changed) {
        return changed == containers
                ? this
                : new Inventory(
                        version,
                        host,
                        changed,
                        links,
                        ports,
                        bridges,
                        enrollments,
                        peers,
                        labs,
                        tally.after(containers, changed));
    }

    Inventory withLinks(SnapshotMap<Integer, Link> changed) {
        return changed == links
                ? this
                : new Inventory(version, host, containers, changed, ports, bridges, enrollments, peers, labs, tally);
    }

    Inventory withPorts(SnapshotMap<String, Port> changed) {
        return changed == ports
                ? this
                : new Inventory(version, host, containers, links, changed, bridges, enrollments, peers, labs, tally);
    }

    Inventory withBridges(SnapshotMap<String, Bridge> changed) {
        return changed == bridges
                ? this
                : new Inventory(version, host, containers, links, ports, changed, enrollments, peers, labs, tally);
    }

    Inventory withEnrollments(SnapshotMap<String, KnownEnrollment> changed) {
        return changed == enrollments
                ? this
                : new Inventory(version, host, containers, links, ports, bridges, changed, peers, labs, tally);
    }

    Inventory withPeers(SnapshotMap<String, Peer> changed) {
        return changed == peers
                ? this
                : new Inventory(version, host, containers, links, ports, bridges, enrollments, changed, labs, tally);
    }

    Inventory withLabs(SnapshotMap<String, KnownLab> changed) {
        return changed == labs
                ? this
                : new Inventory(version, host, containers, links, ports, bridges, enrollments, peers, changed, tally);
    }

    /** Returns the containers sorted by id. */
    public List<KnownContainer> containersById() {
        return containers.values().stream()
                .sorted(Comparator.comparing(KnownContainer::id))
                .toList();
    }

    /** Returns the other hosts sorted by name. */
    public List<Peer> peersByName() {
        return peers.values().stream().sorted(Comparator.comparing(Peer::host)).toList();
    }

    /** Returns the labs sorted by name. */
    public List<KnownLab> labsByName() {
        return labs.values().stream()
                .sorted(Comparator.comparing(KnownLab::name))
                .toList();
    }
}
