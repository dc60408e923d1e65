// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import java.util.Optional;
import org.opdbus.events.Link;
import org.opdbus.events.Port;
import org.opdbus.events.Refusal;
import org.opdbus.verticles.plan.LinkRule;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Refuse;
import org.opdbus.verticles.view.HostView;

/** Leaves a link alone that belongs to another program, or whose bridge does not exist. */
public final class StrangerRule implements LinkRule {
    private static final String OPENVSWITCH = "openvswitch";

    private final HostView view;

    public StrangerRule(HostView view) {
        this.view = view;
    }

    @Override
    public Optional<Outcome> decide(LinkSubject subject, Optional<Port> port) {
        Optional<Link> master = masterOf(view, subject.link());
        if (master.isPresent()) {
            return Optional.of(refuseMaster(subject.link(), master.get()));
        }
        String bridge = subject.intent().bridge();
        Optional<Port> elsewhere =
                port.filter(found -> !view.isOurs(subject.id(), subject.link().index(), found)
                        && !subject.intent().explicit()
                        && !found.bridge().equals(bridge));
        if (elsewhere.isPresent()) {
            return Optional.of(refuseElsewhere(subject.link(), elsewhere.get()));
        }
        if (!bridge.isEmpty() && view.bridge(bridge).isEmpty()) {
            return Optional.of(new Refuse(
                    Refusal.NO_SUCH_BRIDGE,
                    "Open vSwitch has no bridge " + bridge,
                    "create it (ovs-vsctl add-br " + bridge + ") or set enrollment.bridge to one that exists"));
        }
        return Optional.empty();
    }

    private static Refuse refuseElsewhere(Link link, Port port) {
        return new Refuse(
                Refusal.BELONGS_ELSEWHERE,
                "link " + link.name() + " is already a port of bridge " + port.bridge()
                        + (link.answersTo(port.name()) ? "" : " under its earlier name " + port.name()),
                "name the container in state.json with the bridge that you want");
    }

    /** Returns the link that this link is enslaved to, unless that is Open vSwitch's. */
    public static Optional<Link> masterOf(HostView view, Link link) {
        return view.link(link.master()).filter(master -> !master.kind().equals(OPENVSWITCH));
    }

    /** Returns the refusal for a link that is enslaved to this master: the agent must not take it. */
    public static Refuse refuseMaster(Link link, Link master) {
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
