// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.EnrollmentEvent.ContainerLeft;
import org.opdbus.events.EnrollmentEvent.DriftSeen;
import org.opdbus.events.EnrollmentEvent.LinkRenamed;
import org.opdbus.events.Event;
import org.opdbus.events.Link;
import org.opdbus.events.Port;
import org.opdbus.verticles.view.PortOwner;

/**
 * What the agent must preserve on a simulated host: the VLAN of each link, one row for each link, no drift that no hand
 * made, each fact told once. Where a deed leaves more than one right answer the VLAN is not checked.
 */
final class Preserved {
    private final SimulatedHost host;
    private final Set<Integer> known = new HashSet<>();
    private final Map<Integer, Optional<Integer>> tags = new HashMap<>();
    /** Links that were enrolled when the host was last at rest and that no hand has touched since. */
    private final Set<Integer> atPeace = new HashSet<>();
    /** Links whose earlier names the agent may have forgotten, with a row under one of them. */
    private final Set<Integer> untraceable = new HashSet<>();

    private final Set<ContainerId> meddled = new HashSet<>();
    /** Containers whose links another hand has renamed before the agent began anew: it cannot know which was which. */
    private final Set<ContainerId> confused = new HashSet<>();

    private final Set<String> left = new HashSet<>();
    private final Map<String, ContainerEnrolled> enrolled = new HashMap<>();
    private int renamed;

    /** How often a VLAN was compared. */
    int tagsChecked;

    Preserved(SimulatedHost host) {
        this.host = host;
    }

    /** Links have come: each keeps the VLAN of the port that another hand made under its name. */
    void came(List<Link> links) {
        for (Link link : links) {
            if (!known.add(link.index())) {
                continue;
            }
            Port port = host.ports.get(link.name().value());
            if (isMistakable(link)) {
                continue;
            }
            if (port == null || port.externalIds().isEmpty()) {
                tags.put(link.index(), Optional.ofNullable(port).flatMap(Port::tag));
            }
        }
    }

    /** After a reboot a link can have the index of an earlier one, whose row is still there. */
    private boolean isMistakable(Link link) {
        return host.ports.values().stream()
                .anyMatch(port ->
                        String.valueOf(link.index()).equals(port.externalIds().get(PortOwner.LINK)));
    }

    /** Another hand has changed a link or its port in a way that the agent undoes, if it has seen what was there. */
    void undone(Link link) {
        meddled(link);
        if (!atPeace.remove(link.index())) {
            tags.remove(link.index());
        }
    }

    /** Another hand has changed a link or its port, and more than one answer is right. */
    void unknown(Link link) {
        known.add(link.index());
        meddled(link);
        atPeace.remove(link.index());
        tags.remove(link.index());
    }

    /** Another hand has made a second row for a link under one of its earlier names. */
    void tagged(Link link, Optional<Integer> tag) {
        boolean only = rowsOf(link) <= (host.ports.containsKey(link.name().value()) ? 2 : 1);
        if (only && tags.containsKey(link.index())) {
            tags.put(link.index(), tag);
        } else {
            tags.remove(link.index());
        }
        atPeace.remove(link.index());
    }

    private void meddled(Link link) {
        host.ownerOf(link).ifPresent(meddled::add);
    }

    /** An older copy of the database was put back. */
    void databaseReplaced() {
        tags.clear();
        atPeace.clear();
        // A row that comes back with the copy ends once more.
        left.clear();
        meddled.addAll(host.running.keySet());
        host.links.values().stream().filter(link -> rowsOf(link) > 1).forEach(link -> untraceable.add(link.index()));
    }

    /** The agent has begun anew and knows of no earlier name. */
    void restarted() {
        for (Link link : host.links.values()) {
            boolean hidden = host.namesOf(link.index()).stream()
                    .filter(name -> !name.equals(link.name().value()))
                    .map(host.ports::get)
                    .anyMatch(port -> port != null && port.externalIds().isEmpty());
            if (hidden) {
                untraceable.add(link.index());
                tags.remove(link.index());
            }
        }
        confused.addAll(meddled);
        host.forgetNames();
    }

    /** The kernel counts links anew. */
    void rebooted() {
        known.clear();
        tags.clear();
        atPeace.clear();
        untraceable.clear();
    }

    /** A fact that the agent told. */
    void heard(Event event) {
        if (event instanceof DriftSeen drift) {
            assertThat(meddled).as("whom another hand has touched: %s", drift).contains(drift.container());
        } else if (event instanceof LinkRenamed) {
            renamed++;
        } else if (event instanceof ContainerLeft gone) {
            assertThat(left.add(gone.enrollment())).as("told once: %s", gone).isTrue();
            enrolled.remove(gone.enrollment());
        } else if (event instanceof ContainerEnrolled begun) {
            ContainerEnrolled before = enrolled.put(begun.enrollment(), begun);
            assertThat(before == null || begun.recovered() || !same(before, begun))
                    .as("told once: %s", begun)
                    .isTrue();
        }
    }

    private static boolean same(ContainerEnrolled one, ContainerEnrolled other) {
        return one.link().equals(other.link())
                && one.bridge().equals(other.bridge())
                && one.vlan().equals(other.vlan());
    }

    /** The process ended before these were recorded. */
    void lost(List<ContainerEnrolled> uncommitted) {
        uncommitted.forEach(one -> enrolled.remove(one.enrollment()));
    }

    /** An enrolment ended without a departure; it may begin again. */
    void ended(String enrollment) {
        enrolled.remove(enrollment);
    }

    /** The host is at rest, and this link is enrolled. */
    void checkEnrolled(Link link, Port port) {
        if (!untraceable.contains(link.index())) {
            assertThat(rowsOf(link))
                    .as("rows of %s in %s", link, host.ports.values())
                    .isEqualTo(1);
        }
        if (tags.containsKey(link.index())) {
            tagsChecked++;
            assertThat(port.tag()).as("VLAN of %s", port).isEqualTo(tags.get(link.index()));
        }
        tags.put(link.index(), port.tag());
        atPeace.add(link.index());
    }

    /** The rows that stand for a link: those of a name that it has borne, and those that bear marks for it. */
    private long rowsOf(Link link) {
        return host.ports.values().stream()
                .filter(port -> host.namesOf(link.index()).contains(port.name())
                        && host.linkNamed(port.name())
                                .filter(other -> other.index() != link.index())
                                .isEmpty())
                .count();
    }

    /** The host is at rest. */
    void checkFacts(Set<ContainerId> enrolledContainers, int names) {
        assertThat(renamed).as("renames told").isLessThanOrEqualTo(names);
        meddled.removeAll(enrolledContainers);
        meddled.retainAll(host.running.keySet());
        confused.retainAll(host.running.keySet());
        tags.keySet().retainAll(host.links.keySet());
        atPeace.retainAll(host.links.keySet());
        untraceable.retainAll(host.links.keySet());
    }

    /** Whether two links of a container may want each other's names, which the agent cannot tell apart any more. */
    boolean isConfused(ContainerId id) {
        return confused.contains(id) && host.linksOf(id).size() > 1;
    }

    /** Whether a row without marks stands for a link that is still there. */
    boolean isOfLink(String port) {
        return host.links.values().stream()
                .anyMatch(link -> host.namesOf(link.index()).contains(port));
    }
}
