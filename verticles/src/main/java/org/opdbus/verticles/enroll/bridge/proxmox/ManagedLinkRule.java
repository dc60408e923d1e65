// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.proxmox;

import static org.opdbus.verticles.inventory.ContainerPhase.WAITING;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.EnrollmentEvent.PortMaker;
import org.opdbus.events.Link;
import org.opdbus.events.Port;
import org.opdbus.events.Port.VlanTrunk;
import org.opdbus.events.ProxmoxEvent.ProxmoxNet;
import org.opdbus.events.Refusal;
import org.opdbus.verticles.edges.PortSettings;
import org.opdbus.verticles.enroll.bridge.plan.Drifts;
import org.opdbus.verticles.enroll.bridge.plan.ForeignPortRule;
import org.opdbus.verticles.enroll.bridge.plan.LivenessRule;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.AdoptPort;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.AttachPort;
import org.opdbus.verticles.enroll.bridge.plan.QuietTimes;
import org.opdbus.verticles.enroll.bridge.plan.RecordStep.RecordEnrolled;
import org.opdbus.verticles.enroll.bridge.plan.StrangerRule;
import org.opdbus.verticles.enroll.bridge.proxmox.ManagedStep.EndManaged;
import org.opdbus.verticles.enroll.bridge.proxmox.ManagedStep.LimitPort;
import org.opdbus.verticles.enroll.bridge.proxmox.ManagedStep.PlugManaged;
import org.opdbus.verticles.enroll.bridge.proxmox.ManagedStep.RecordChanged;
import org.opdbus.verticles.enroll.bridge.proxmox.ManagedStep.RetractPort;
import org.opdbus.verticles.plan.Intent;
import org.opdbus.verticles.plan.Intent.Naming;
import org.opdbus.verticles.plan.Intent.TakenBack;
import org.opdbus.verticles.plan.LinkRule;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Act;
import org.opdbus.verticles.plan.Outcome.Refuse;
import org.opdbus.verticles.plan.Outcome.Rest;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.ManagedNet;
import org.opdbus.verticles.view.ManagedNet.Configured;
import org.opdbus.verticles.view.ManagedNet.Pending;
import org.opdbus.verticles.view.ManagedNet.Unreadable;
import org.opdbus.verticles.view.PortOwner;

/**
 * Decides about links that Proxmox manages, and about no others.
 *
 * <p>Proxmox decides whether and how such a link is plugged. The agent marks Proxmox's port, gives the link an alternative
 * name, and records the enrolment. The agent plugs a link itself only if Proxmox's configuration says so and Proxmox has left
 * the link without a port for longer than Proxmox's own work takes. It never moves a port or changes its VLANs.
 */
public final class ManagedLinkRule implements LinkRule {
    private final HostView view;
    private final QuietTimes quiet;
    private final Drifts drifts;
    private final SharedRules shared;
    private final LinkRule liveness;

    /**
     * The rules that also apply to links that Proxmox manages.
     *
     * @param naming names a link with a port; the last of these rules always decides
     * @param prepareOnce runs before the agent changes a link
     * @param prepareAgain runs before the agent records a link as enrolled
     */
    public record SharedRules(LinkRule naming, LinkRule prepareOnce, LinkRule prepareAgain) {}

    public ManagedLinkRule(HostView view, QuietTimes quiet, Drifts drifts, SharedRules shared) {
        this.view = view;
        this.quiet = quiet;
        this.drifts = drifts;
        this.shared = shared;
        liveness = new LivenessRule(view);
    }

    @Override
    public Optional<Outcome> decide(LinkSubject asked, Optional<Port> port) {
        ManagedNet managed = view.proxmox().of(asked.id(), asked.link(), asked.inner());
        if (managed instanceof Pending pending) {
            return Optional.of(new Rest(WAITING, pending.why()));
        }
        if (managed instanceof Unreadable unreadable) {
            return Optional.of(new Refuse(
                    Refusal.CONFIGURATION_UNREADABLE,
                    "link " + asked.link().name() + " is left alone: " + unreadable.why(),
                    tool(asked) + " config " + asked.id().own()
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

    /** Decides about a link that must not be a port: the agent removes its own port and leaves Proxmox's port to Proxmox. */
    private Outcome barred(LinkSubject subject, Optional<Port> port, ProxmoxNet net, Refuse bar) {
        boolean ours =
                port.isPresent() && view.isOurs(subject.id(), subject.link().index(), port.get());
        boolean enslaved = StrangerRule.masterOf(view, subject.link()).isPresent();
        if (ours && (isMadeByAgent(port.get()) || enslaved)) {
            return new Act(new RetractPort(
                    subject.id(),
                    subject.link(),
                    port.get(),
                    view.marksOf(port.get()).orElseThrow().enrollment(),
                    bar.message()));
        }
        Optional<Enrollment> enrollment =
                view.enrollments().of(subject.id(), subject.link().index());
        // Some versions of Proxmox remove the bridge from the configuration while they change the device.
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
                    "change one of them: " + tool(asked) + " set " + asked.id().own() + " --net" + net.number()
                            + " with bridge=" + asked.intent().bridge() + ", or the state file");
        }
        LinkSubject subject = asProxmoxWants(asked, bridge);
        return port.isPresent()
                ? limited(subject, port.get(), net).orElseGet(() -> present(subject, port.get()))
                : absent(subject, net);
    }

    /** Returns Proxmox's command for this guest. */
    private static String tool(LinkSubject subject) {
        return subject.id().kind() == Kind.VM ? "qm" : "pct";
    }

    /** Returns the subject with Proxmox's bridge, without a VLAN, and with its own name kept: Proxmox decides all three. */
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
                intent.inside(),
                new TakenBack(false, intent.takenBack().address()));
        return new LinkSubject(asked.id(), asked.container(), wanted, asked.link(), asked.name(), asked.first());
    }

    /**
     * Writes Proxmox's rate limit to the port before anything else changes the link, so that ovs-vswitchd keeps the limit.
     * Proxmox sets the limit itself right after it has plugged a link, and must find no other limit there. So the agent waits
     * until Proxmox has finished; it has finished when a container has just started.
     */
    private Optional<Outcome> limited(LinkSubject subject, Port port, ProxmoxNet net) {
        PolicingLimit limit = PolicingLimit.of(net);
        boolean replugged =
                view.enrollments().of(subject.id(), subject.link().index()).isPresent();
        if (limit.isOn(port) || (replugged && quiet.holds(port.name()))) {
            return Optional.empty();
        }
        return shared.prepareOnce()
                .decide(subject, Optional.of(port))
                .or(() -> Optional.of(new Act(new LimitPort(subject.id(), subject.link(), port, limit))));
    }

    private Outcome present(LinkSubject subject, Port port) {
        if (!view.isOurs(subject.id(), subject.link().index(), port)) {
            return ForeignPortRule.ofEarlierLink(view, port)
                    .or(() -> shared.prepareOnce().decide(subject, Optional.of(port)))
                    .orElseGet(() -> new Act(new AdoptPort(subject.id(), subject.link(), port)));
        }
        if (!subject.isNamed()) {
            return shared.naming().decide(subject, Optional.of(port)).orElseThrow();
        }
        return shared.prepareAgain().decide(subject, Optional.of(port)).orElseGet(() -> live(subject, port));
    }

    private Outcome live(LinkSubject subject, Port port) {
        Optional<Enrollment> enrollment =
                view.enrollments().of(subject.id(), subject.link().index());
        Outcome outcome = liveness.decide(subject, Optional.of(port)).orElseThrow();
        if (enrollment.isPresent() && outcome instanceof Act act && act.step() instanceof RecordEnrolled enrolled) {
            Map<String, String> changes = changes(enrollment.get(), enrolled.fact());
            if (!changes.isEmpty()) {
                return new Act(new RecordChanged(subject.link(), enrolled.fact(), changes));
            }
        }
        return outcome;
    }

    /** Returns the changes by name; the names are keys of the state file where it has them. */
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
        Optional<Enrollment> enrollment = view.enrollments().of(subject.id(), link.index());
        return enrollment
                .flatMap(drifts::removed)
                .or(() -> shared.prepareAgain().decide(subject, Optional.empty()))
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

    /** Returns the settings with which Proxmox plugs the link (PVE::Network, {@code tap_plug}). */
    private static PortSettings settings(ProxmoxNet net) {
        return new PortSettings(
                net.tag(),
                VlanTrunk.of(net.trunks(), net.vlanMode()),
                PolicingLimit.of(net).columns());
    }
}
