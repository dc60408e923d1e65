// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.opdbus.events.Bridge;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.Port;

/**
 * How this host stands at one moment, and what it knows of others. Never changes, so any thread may read it for as long as it
 * likes.
 *
 * @param version counts the changes of this run of the agent; of two inventories the one with the higher version is newer
 * @param host the agent of this host: its sources and its ledger
 * @param containers every container that LXC knows or that has a port of ours
 * @param links every link of the host's network namespace, by index
 * @param ports every port of Open vSwitch, by the row's identifier: while a port is replaced by one of its name there are two
 * @param bridges every bridge of Open vSwitch, by name
 * @param enrollments every enrolment that stands, by its id
 * @param peers the other hosts of the cluster, by name
 */
// A map gives back itself if nothing in it is different; that, and not what is in it, decides whether this changes.
@SuppressWarnings("ReferenceEquality")
public record Inventory(
        long version,
        HostFacts host,
        SnapshotMap<ContainerId, KnownContainer> containers,
        SnapshotMap<Integer, Link> links,
        SnapshotMap<String, Port> ports,
        SnapshotMap<String, Bridge> bridges,
        SnapshotMap<String, KnownEnrollment> enrollments,
        SnapshotMap<String, Peer> peers) {
    /** One in which only the agent itself is known; version 0. */
    public static Inventory of(HostFacts host) {
        return new Inventory(
                0,
                host,
                SnapshotMap.empty(),
                SnapshotMap.empty(),
                SnapshotMap.empty(),
                SnapshotMap.empty(),
                SnapshotMap.empty(),
                SnapshotMap.empty());
    }

    Inventory at(long newVersion) {
        return new Inventory(newVersion, host, containers, links, ports, bridges, enrollments, peers);
    }

    Inventory withHost(HostFacts changed) {
        return changed.equals(host)
                ? this
                : new Inventory(version, changed, containers, links, ports, bridges, enrollments, peers);
    }

    Inventory withContainers(SnapshotMap<ContainerId, KnownContainer> changed) {
        return changed == containers
                ? this
                : new Inventory(version, host, changed, links, ports, bridges, enrollments, peers);
    }

    Inventory withLinks(SnapshotMap<Integer, Link> changed) {
        return changed == links
                ? this
                : new Inventory(version, host, containers, changed, ports, bridges, enrollments, peers);
    }

    Inventory withPorts(SnapshotMap<String, Port> changed) {
        return changed == ports
                ? this
                : new Inventory(version, host, containers, links, changed, bridges, enrollments, peers);
    }

    Inventory withBridges(SnapshotMap<String, Bridge> changed) {
        return changed == bridges
                ? this
                : new Inventory(version, host, containers, links, ports, changed, enrollments, peers);
    }

    Inventory withEnrollments(SnapshotMap<String, KnownEnrollment> changed) {
        return changed == enrollments
                ? this
                : new Inventory(version, host, containers, links, ports, bridges, changed, peers);
    }

    Inventory withPeers(SnapshotMap<String, Peer> changed) {
        return changed == peers
                ? this
                : new Inventory(version, host, containers, links, ports, bridges, enrollments, changed);
    }

    /** The containers by id. */
    public List<KnownContainer> containersById() {
        return containers.values().stream()
                .sorted(Comparator.comparing(KnownContainer::id))
                .toList();
    }

    /** The other hosts by name. */
    public List<Peer> peersByName() {
        return peers.values().stream().sorted(Comparator.comparing(Peer::host)).toList();
    }

    /** How many containers stand in which way, in the words of {@code query} and without regard to meshes; every word is in it. */
    public Map<String, Integer> phases() {
        Map<String, Integer> counts = new TreeMap<>();
        for (ContainerPhase phase : ContainerPhase.values()) {
            counts.put(KnownContainer.word(phase), 0);
        }
        containers
                .values()
                .forEach(container ->
                        counts.merge(KnownContainer.word(container.status().standing()), 1, Integer::sum));
        return counts;
    }

    /** How many ports of enrolled containers carry packets. */
    public int livePorts() {
        return containers.values().stream().mapToInt(KnownContainer::livePorts).sum();
    }
}
