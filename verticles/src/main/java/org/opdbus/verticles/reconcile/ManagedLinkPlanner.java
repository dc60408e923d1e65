// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import static org.opdbus.verticles.inventory.ContainerPhase.WAITING;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.EnrollmentEvent.PortMaker;
import org.opdbus.events.Link;
import org.opdbus.events.Port;
import org.opdbus.events.ProxmoxNet;
import org.opdbus.events.Refusal;
import org.opdbus.events.VlanTrunk;
import org.opdbus.verticles.reconcile.Action.AdoptPort;
import org.opdbus.verticles.reconcile.Action.AttachPort;
import org.opdbus.verticles.reconcile.Action.EndManaged;
import org.opdbus.verticles.reconcile.Action.LimitPort;
import org.opdbus.verticles.reconcile.Action.PlugManaged;
import org.opdbus.verticles.reconcile.Action.RecordChanged;
import org.opdbus.verticles.reconcile.Action.RecordEnrolled;
import org.opdbus.verticles.reconcile.Action.RetractPort;
import org.opdbus.verticles.reconcile.Intent.Naming;
import org.opdbus.verticles.reconcile.Intent.TakenBack;
import org.opdbus.verticles.reconcile.Outcome.Act;
import org.opdbus.verticles.reconcile.Outcome.Refuse;
import org.opdbus.verticles.reconcile.Outcome.Rest;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.Enrollments;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.ManagedNet;
import org.opdbus.verticles.view.ManagedNet.Configured;
import org.opdbus.verticles.view.ManagedNet.Pending;
import org.opdbus.verticles.view.ManagedNet.Unreadable;
import org.opdbus.verticles.view.PortOwner;

/**
 * The part of {@link Planner} that is about a link which Proxmox manages.
 *
 * <p>Proxmox decides whether and how such a link is plugged; the agent marks Proxmox's port, gives the link an alternative
 * name, and records. It plugs a link itself only if Proxmox's configuration says so and Proxmox has left the link without a
 * port for longer than its own work takes. It never moves a port or changes its VLANs.
 */
final class ManagedLinkPlanner {
    private final HostView view;
    private final Enrollments enrollments;
    private final NamePlanner naming;
    private final Preparation preparing;
    private final DriftPlanner drifts;
    private final LivenessPlanner liveness;
    private final QuietTimes quiet;

    ManagedLinkPlanner(
            HostView view,
            Enrollments enrollments,
            NamePlanner naming,
            Preparation preparing,
            DriftPlanner drifts,
            QuietTimes quiet) {
        this.view = view;
        this.enrollments = enrollments;
        this.naming = naming;
        this.preparing = preparing;
        this.drifts = drifts;
        this.quiet = quiet;
        liveness = new LivenessPlanner(view, enrollments);
    }

    /** What is to be done for a link of Proxmox's; empty if the link is none. */
    Optional<Outcome> plan(LinkSubject asked, Optional<Port> port) {
        ManagedNet managed = view.proxmox().of(asked.id(), asked.link(), asked.inner());
        if (managed instanceof Pending pending) {
            return Optional.of(new Rest(WAITING, pending.why()));
        }
        if (managed instanceof Unreadable unreadable) {
            return Optional.of(new Refuse(
                    Refusal.CONFIGURATION_UNREADABLE,
                    "link " + asked.link().name() + " is left alone: " + unreadable.why(),
                    "pct config " + asked.id()
                            + " shows what Proxmox reads; the link is enrolled when that can be read"));
        }
        if (managed instanceof Configured configured && !asked.intent().bridge().isEmpty()) {
            ProxmoxNet net = configured.net();
            return Optional.of(ProxmoxBar.of(view, asked.link(), net)
                    .map(bar -> barred(asked, port, net, bar))
                    .orElseGet(() -> wanted(asked, port, net)));
        }
        return Optional.empty();
    }

    /** The link is not to be a port: what the agent made goes, and what Proxmox made is Proxmox's. */
    private Outcome barred(LinkSubject subject, Optional<Port> port, ProxmoxNet net, Refuse bar) {
        boolean ours =
                port.isPresent() && view.isOurs(subject.id(), subject.link().index(), port.get());
        boolean enslaved = ProxmoxBar.strangeMaster(view, subject.link()).isPresent();
        if (ours && (isMadeByAgent(port.get()) || enslaved)) {
            return new Act(new RetractPort(subject.id(), subject.link(), port.get(), bar.message()));
        }
        Optional<Enrollment> enrollment =
                enrollments.of(subject.id(), subject.link().index());
        // Some versions take the bridge out of the configuration while they change the device.
        boolean mayBeAtWork =
                net.bridge().isEmpty() && quiet.holds(subject.link().name().value());
        if (port.isPresent() || mayBeAtWork) {
            return new Rest(
                    WAITING, "Proxmox is changing link " + subject.link().name() + ": " + bar.message());
        }
        return enrollment.isPresent()
                ? new Act(new EndManaged(subject.id(), subject.link(), enrollment.get(), bar.message()))
                : bar;
    }

    private boolean isMadeByAgent(Port port) {
        return view.marksOf(port).flatMap(PortOwner::maker).equals(Optional.of(PortMaker.AGENT));
    }

    private Outcome wanted(LinkSubject asked, Optional<Port> port, ProxmoxNet net) {
        String bridge = net.bridge().orElseThrow();
        if (asked.intent().explicit() && !asked.intent().bridge().equals(bridge)) {
            return new Refuse(
                    Refusal.BELONGS_ELSEWHERE,
                    "Proxmox plugs link " + asked.link().name() + " into bridge " + bridge
                            + ", and the state file wants " + asked.intent().bridge(),
                    "change one of them: pct set " + asked.id() + " --net" + net.number() + " with bridge="
                            + asked.intent().bridge() + ", or the state file");
        }
        LinkSubject subject = asProxmoxWants(asked, bridge);
        return port.isPresent()
                ? limited(subject, port.get(), net).orElseGet(() -> present(subject, port.get()))
                : absent(subject, net);
    }

    /** Bridge and VLAN are Proxmox's to say, and so is the link's own name. */
    private static LinkSubject asProxmoxWants(LinkSubject asked, String bridge) {
        Intent intent = asked.intent();
        Intent wanted = new Intent(
                true,
                intent.explicit(),
                bridge,
                intent.naming() == Naming.OFF ? Naming.OFF : Naming.ALTNAME,
                intent.firstLink(),
                Optional.empty(),
                intent.address(),
                new TakenBack(false, intent.takenBack().address()));
        return new LinkSubject(asked.id(), asked.container(), wanted, asked.link(), asked.name(), asked.first());
    }

    /**
     * Before anything changes the link, its limit is made to last. Proxmox sets the limit itself right after it has plugged a
     * link, and must find no other there; so the agent waits until Proxmox is done: a container that has just started is.
     */
    private Optional<Outcome> limited(LinkSubject subject, Port port, ProxmoxNet net) {
        PolicingLimit limit = PolicingLimit.of(net);
        boolean replugged = enrollments.of(subject.id(), subject.link().index()).isPresent();
        if (limit.isOn(port) || (replugged && quiet.holds(port.name()))) {
            return Optional.empty();
        }
        return Optional.of(preparing
                .once(subject)
                .orElseGet(() -> new Act(new LimitPort(subject.id(), subject.link(), port, limit))));
    }

    private Outcome present(LinkSubject subject, Port port) {
        if (!view.isOurs(subject.id(), subject.link().index(), port)) {
            if (view.marksOf(port).isPresent()) {
                // Ours, but for another link: the port outlived its link and will be removed as soon as that is
                // certain.
                return new Rest(WAITING, "port " + port.name() + " of an earlier link is still there");
            }
            return preparing.once(subject).orElseGet(() -> new Act(new AdoptPort(subject.id(), subject.link(), port)));
        }
        if (!subject.isNamed()) {
            return naming.plan(subject, Optional.of(port));
        }
        return preparing.again(subject).orElseGet(() -> live(subject, port));
    }

    private Outcome live(LinkSubject subject, Port port) {
        Optional<Enrollment> enrollment =
                enrollments.of(subject.id(), subject.link().index());
        Outcome outcome = liveness.plan(subject, port, enrollment);
        if (enrollment.isPresent() && outcome instanceof Act act && act.action() instanceof RecordEnrolled enrolled) {
            Map<String, String> changes = changes(enrollment.get(), enrolled.fact());
            if (!changes.isEmpty()) {
                return new Act(new RecordChanged(subject.link(), enrolled.fact(), changes));
            }
        }
        return outcome;
    }

    /** By the keys of the state file, where it has them. */
    private static Map<String, String> changes(Enrollment before, ContainerEnrolled now) {
        Map<String, String> changes = new LinkedHashMap<>();
        if (!before.bridge().equals(now.bridge())) {
            changes.put("bridge", now.bridge());
        }
        if (!before.vlan().equals(now.vlan())) {
            changes.put("properties.vlan", now.vlan().map(String::valueOf).orElse(""));
        }
        if (!before.trunk().equals(now.trunk())) {
            String vlans = now.trunk()
                    .map(trunk -> String.join(
                            ",", trunk.vlans().stream().map(String::valueOf).toList()))
                    .orElse("");
            changes.put("trunks", vlans);
            changes.put("vlan_mode", now.trunk().flatMap(VlanTrunk::mode).orElse(""));
        }
        return changes;
    }

    private Outcome absent(LinkSubject subject, ProxmoxNet net) {
        Link link = subject.link();
        if (quiet.holds(link.name().value())) {
            return new Rest(WAITING, "Proxmox may be plugging link " + link.name());
        }
        Optional<Enrollment> enrollment = enrollments.of(subject.id(), link.index());
        if (enrollment.isPresent()) {
            Map<String, String> before = Map.of(
                    "port", enrollment.get().port(), "bridge", enrollment.get().bridge());
            Optional<Outcome> drift = drifts.of(subject, enrollment.get(), "removed", before, Map.of());
            if (drift.isPresent()) {
                return drift.get();
            }
        }
        return preparing
                .again(subject)
                .orElseGet(() -> new Act(new PlugManaged(
                        net,
                        new AttachPort(
                                subject.id(),
                                link,
                                link.name().value(),
                                subject.intent().bridge(),
                                settings(net),
                                subject.inner().orElseThrow(),
                                view.formerNamesOf(link)))));
    }

    /** As Proxmox plugs it (PVE::Network, {@code tap_plug}). */
    private static PortSettings settings(ProxmoxNet net) {
        return new PortSettings(
                net.tag(),
                VlanTrunk.of(net.trunks(), net.vlanMode()),
                PolicingLimit.of(net).columns());
    }
}
