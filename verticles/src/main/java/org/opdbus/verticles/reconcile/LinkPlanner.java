// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import static org.opdbus.verticles.inventory.ContainerPhase.ENROLLED;

import java.util.Comparator;
import java.util.Optional;
import org.opdbus.events.Link;
import org.opdbus.events.Port;
import org.opdbus.events.Refusal;
import org.opdbus.verticles.reconcile.Outcome.Refuse;
import org.opdbus.verticles.reconcile.Outcome.Rest;
import org.opdbus.verticles.view.Enrollments;
import org.opdbus.verticles.view.HostView;

/** The part of {@link Planner} that is about one link of a running container that is to be enrolled. */
final class LinkPlanner {
    private static final String OPENVSWITCH = "openvswitch";

    private final HostView view;
    private final NamePlanner naming;
    private final PortPlanner ports;
    private final AddressPlanner addresses;
    private final ManagedLinkPlanner managed;

    LinkPlanner(HostView view, Enrollments enrollments, QuietTimes quiet, boolean repairDrift) {
        this.view = view;
        Preparation preparation = new Preparation(view, enrollments);
        DriftPlanner drift = new DriftPlanner(enrollments, repairDrift);
        naming = new NamePlanner(view, enrollments, preparation, drift);
        ports = new PortPlanner(view, enrollments, preparation, drift, new RepairRule(quiet));
        addresses = new AddressPlanner(preparation);
        managed = new ManagedLinkPlanner(view, enrollments, naming, preparation, drift, quiet);
    }

    Outcome plan(LinkSubject subject) {
        Optional<Port> port = portOf(subject);
        Optional<Outcome> ofProxmox = managed.plan(subject, port);
        if (ofProxmox.isPresent()) {
            return ofProxmox.get();
        }
        Optional<Outcome> refusal = refuseStrangers(subject, port);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (!subject.isNamed()) {
            return naming.plan(subject, port);
        }
        if (subject.intent().bridge().isEmpty()) {
            return addresses.withoutPort(subject).orElseGet(() -> new Rest(ENROLLED, ""));
        }
        return port.map(found -> ports.plan(subject, found)).orElseGet(() -> ports.attach(subject));
    }

    /**
     * The port that stands for this link: the one that bears our marks for it, or the one that bears its name, or the one
     * that another hand made under a name that the link bore earlier.
     */
    private Optional<Port> portOf(LinkSubject subject) {
        return view.portsOf(subject.id(), subject.link().index()).stream()
                // Of a swap the new row may be heard of before the old one is gone.
                .min(Comparator.comparing(port -> !port.name().equals(subject.portName())))
                .or(() -> view.portNamed(subject.link().name().value()))
                .or(() -> view.portUnderFormerName(subject.link()));
    }

    private Optional<Outcome> refuseStrangers(LinkSubject subject, Optional<Port> port) {
        Link link = subject.link();
        Optional<Link> master = view.link(link.master());
        if (master.isPresent() && !master.get().kind().equals(OPENVSWITCH)) {
            return Optional.of(refuseMaster(link, master.get()));
        }
        String bridge = subject.intent().bridge();
        boolean foreign =
                port.isPresent() && !view.isOurs(subject.id(), subject.link().index(), port.get());
        if (foreign && !subject.intent().explicit() && !port.get().bridge().equals(bridge)) {
            return Optional.of(new Refuse(
                    Refusal.BELONGS_ELSEWHERE,
                    "link " + link.name() + " is already a port of bridge "
                            + port.get().bridge()
                            + (link.answersTo(port.get().name())
                                    ? ""
                                    : " under its earlier name " + port.get().name()),
                    "name the container in state.json with the bridge that you want"));
        }
        if (!bridge.isEmpty() && view.bridge(bridge).isEmpty()) {
            return Optional.of(new Refuse(
                    Refusal.NO_SUCH_BRIDGE,
                    "Open vSwitch has no bridge " + bridge,
                    "create it (ovs-vsctl add-br " + bridge + ") or set enrollment.bridge to one that exists"));
        }
        return Optional.empty();
    }

    static Refuse refuseMaster(Link link, Link master) {
        if (master.name().value().startsWith("fwbr")) {
            return new Refuse(
                    Refusal.FIREWALLED,
                    "link " + link.name() + " is behind Proxmox's firewall bridge " + master.name(),
                    "leave it to Proxmox, or set firewall=0 on the network device if it needs no filter");
        }
        return new Refuse(
                Refusal.BELONGS_ELSEWHERE,
                "link " + link.name() + " belongs to " + (master.kind().isEmpty() ? "link" : master.kind()) + " "
                        + master.name(),
                "take it out of " + master.name() + " (ip link set " + link.name()
                        + " nomaster), or add the container to enrollment.ignore");
    }
}
