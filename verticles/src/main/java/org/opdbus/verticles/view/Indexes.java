// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.events.Bridge;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.Port;

/** The indexes that the folds of {@link HostView} write, and the effects of one change on the others. */
final class Indexes {
    /** The kind of the links of tun(4). */
    private static final String TAP = "tun";

    final LinkIndex links = new LinkIndex();
    final PortIndex ports;
    final FormerNames formerNames = new FormerNames();
    final ContainerIndex containers = new ContainerIndex();
    final Map<String, Bridge> bridges = new HashMap<>();

    Indexes(String owner) {
        ports = new PortIndex(owner);
    }

    Set<ContainerId> containersOf(Link link) {
        if (link.isVethIntoNamespace()) {
            return containers.in(link.peerNamespace());
        }
        return link.kind().equals(TAP) ? containers.ofTap(link.index()) : Set.of();
    }

    /** Every container that its source knows or that has a port of ours. */
    Set<ContainerId> everyContainer() {
        Set<ContainerId> all = new HashSet<>(containers.ids());
        all.addAll(ports.containers());
        return all;
    }

    /** As {@link HostView#portUnderFormerName}. */
    Optional<Port> portUnderFormerName(Link link) {
        return formerNames.of(link.index()).stream()
                .filter(name -> links.named(name).isEmpty()
                        && formerNames.lastBearerOf(name).equals(Optional.of(link.index())))
                .flatMap(name -> ports.named(name).stream())
                .filter(port -> ports.marksOf(port).isEmpty() && isOfSystemLink(port))
                .findFirst();
    }

    /** Whether the port is of a link that exists without Open vSwitch. */
    private static boolean isOfSystemLink(Port port) {
        return port.interfaceType().isEmpty() || port.interfaceType().equals("system");
    }

    /** Marks the containers of a link, and those that have a port of one of its names. */
    void touchBearer(Link link, Touched touched) {
        containersOf(link).forEach(id -> touched.of(id).markLink(link.index()));
        touchName(link.name().value(), link, touched);
        link.altNames().forEach(name -> touchName(name, link, touched));
    }

    private void touchName(String name, Link bearer, Touched touched) {
        touched.name(name);
        touchFormerBearers(name, touched);
        ports.named(name).flatMap(ports::marksOf).ifPresent(marks -> {
            Stale stale = touched.of(marks.container());
            stale.markLink(marks.link());
            if (marks.link() != bearer.index() || !containersOf(bearer).contains(marks.container())) {
                // The port belongs to a link that is not, or no longer, the container's.
                stale.markLeftovers();
            }
        });
    }

    /** The owner of a name decides whether a port of that name can belong to a link that had it earlier. */
    private void touchFormerBearers(String name, Touched touched) {
        formerNames
                .bearersOf(name)
                .forEach(index -> links.of(index)
                        .ifPresent(link ->
                                containersOf(link).forEach(id -> touched.of(id).markLink(index))));
    }

    /** Marks the links that had a name which this link had, too: another one may be its last bearer in a moment. */
    void touchSharedNames(Link link, Touched touched) {
        formerNames.of(link.index()).forEach(name -> touchFormerBearers(name, touched));
    }

    /** Marks the container of a port, and that of a link which has or had the port's name. */
    void touchPort(Port port, Touched touched) {
        Optional<Link> bearer = links.named(port.name());
        ports.marksOf(port).ifPresent(marks -> {
            Stale stale = touched.of(marks.container());
            stale.markLink(marks.link());
            if (bearer.filter(link ->
                            link.index() == marks.link() && containersOf(link).contains(marks.container()))
                    .isEmpty()) {
                stale.markLeftovers();
            }
        });
        bearer.ifPresent(link -> containersOf(link).forEach(id -> touched.of(id).markLink(link.index())));
        touchFormerBearers(port.name(), touched);
        touched.name(port.name());
    }
}
