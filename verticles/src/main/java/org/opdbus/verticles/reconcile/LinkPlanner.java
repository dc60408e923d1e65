// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import static org.opdbus.verticles.reconcile.Standing.DRIFTED;
import static org.opdbus.verticles.reconcile.Standing.ENROLLED;
import static org.opdbus.verticles.reconcile.Standing.WAITING;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import org.opdbus.events.Bridge;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.EnrollmentEvent.NamingMode;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.events.Port;
import org.opdbus.events.Refusal;
import org.opdbus.verticles.reconcile.Action.AdoptPort;
import org.opdbus.verticles.reconcile.Action.AssignAddress;
import org.opdbus.verticles.reconcile.Action.AttachPort;
import org.opdbus.verticles.reconcile.Action.ClearAddress;
import org.opdbus.verticles.reconcile.Action.MovePort;
import org.opdbus.verticles.reconcile.Action.NameLink;
import org.opdbus.verticles.reconcile.Action.PrepareLink;
import org.opdbus.verticles.reconcile.Action.RecordDrift;
import org.opdbus.verticles.reconcile.Action.RecordEnrolled;
import org.opdbus.verticles.reconcile.Action.RecordLost;
import org.opdbus.verticles.reconcile.Action.RetagPort;
import org.opdbus.verticles.reconcile.Action.StampEntry;
import org.opdbus.verticles.reconcile.Action.SwapPort;
import org.opdbus.verticles.reconcile.Outcome.Act;
import org.opdbus.verticles.reconcile.Outcome.Refuse;
import org.opdbus.verticles.reconcile.Outcome.Rest;

/** The part of {@link Planner} that is about one link of a running container that is to be enrolled. */
final class LinkPlanner {
    private static final String OPENVSWITCH = "openvswitch";

    private final HostView view;
    private final Roster roster;
    private final boolean repairDrift;

    LinkPlanner(HostView view, Roster roster, boolean repairDrift) {
        this.view = view;
        this.roster = roster;
        this.repairDrift = repairDrift;
    }

    /**
     * The link that is planned for.
     *
     * @param name the name that it should have
     * @param first whether it is the container's first, to which a static address belongs
     */
    record Subject(ContainerId id, ContainerView container, Intent intent, Link link, LinkName name, boolean first) {
        Optional<NamingMode> namingMode() {
            return switch (intent.naming()) {
                case OFF -> Optional.empty();
                case RENAME -> Optional.of(NamingMode.RENAME);
                case ALTNAME -> Optional.of(NamingMode.ALTNAME);
                case AUTO -> Optional.of(isFoundByOthers() ? NamingMode.ALTNAME : NamingMode.RENAME);
            };
        }

        /** Whether Proxmox made this link and finds it by name, or did so before somebody renamed it. */
        private boolean isFoundByOthers() {
            Matcher matcher = Slots.PROXMOX.matcher(link.name().value());
            boolean made = matcher.matches() && matcher.group(1).equals(id.value());
            return made || link.altNames().contains(name.value());
        }

        /** Whether the link's own name is not ours to give, so that the port follows it. */
        boolean isNamedByOthers() {
            return namingMode().filter(NamingMode.RENAME::equals).isEmpty();
        }

        boolean isNamed() {
            NamingMode mode = namingMode().orElse(null);
            if (mode == null) {
                return true;
            }
            return mode == NamingMode.RENAME ? link.name().equals(name) : link.answersTo(name.value());
        }

        /** The name of the link's port: a port bears its link's own name, never an alternative one. */
        String portName() {
            return isNamedByOthers() ? link.name().value() : name.value();
        }
    }

    Outcome plan(Subject subject) {
        Optional<Port> port = portOf(subject);
        Optional<Outcome> refusal = refuseStrangers(subject, port);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (!subject.isNamed()) {
            return planName(subject, port);
        }
        if (subject.intent().bridge().isEmpty()) {
            return planAddressWithoutPort(subject).orElseGet(() -> new Rest(ENROLLED, ""));
        }
        return port.map(found -> planPort(subject, found)).orElseGet(() -> planAttach(subject));
    }

    /** The port that stands for this link: the one that bears our marks for it, or the one that bears its name. */
    private Optional<Port> portOf(Subject subject) {
        return view.portsOf(subject.id()).stream()
                .filter(port -> isOurs(subject, port))
                // Of a swap the new row may be heard of before the old one is gone.
                .min(Comparator.comparing(port -> !port.name().equals(subject.portName())))
                .or(() -> view.portNamed(subject.link().name().value()));
    }

    private boolean isOurs(Subject subject, Port port) {
        return view.marksOf(port)
                .filter(marks -> marks.container().equals(subject.id())
                        && marks.link() == subject.link().index())
                .isPresent();
    }

    private Optional<Outcome> refuseStrangers(Subject subject, Optional<Port> port) {
        Link link = subject.link();
        Optional<Link> master = view.link(link.master());
        if (master.isPresent() && !master.get().kind().equals(OPENVSWITCH)) {
            return Optional.of(refuseMaster(link, master.get()));
        }
        String bridge = subject.intent().bridge();
        boolean foreign = port.isPresent() && !isOurs(subject, port.get());
        if (foreign && !subject.intent().explicit() && !port.get().bridge().equals(bridge)) {
            return Optional.of(new Refuse(
                    Refusal.BELONGS_ELSEWHERE,
                    "link " + link.name() + " is already a port of bridge "
                            + port.get().bridge(),
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

    private static Refuse refuseMaster(Link link, Link master) {
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

    private Outcome planName(Subject subject, Optional<Port> port) {
        String name = subject.name().value();
        Optional<Link> holder = view.linkNamed(name);
        if (holder.isPresent() && holder.get().index() != subject.link().index()) {
            return refuseTaken(
                    subject,
                    "link " + holder.get().index()
                            + (holder.get().name().value().equals(name)
                                    ? ""
                                    : " (" + holder.get().name() + ")"));
        }
        Optional<Port> portHolder = view.portNamed(name);
        if (portHolder.isPresent() && !isOurs(subject, portHolder.get())) {
            return refuseTaken(subject, "a port of bridge " + portHolder.get().bridge());
        }
        Optional<Outcome> preparation = prepareOnce(subject);
        if (preparation.isPresent()) {
            return preparation.get();
        }
        if (port.isPresent() && !isOurs(subject, port.get())) {
            // Marked first, so that a run that ends between rename and swap leaves a port that the next one knows.
            return new Act(new AdoptPort(subject.id(), subject.link(), port.get()));
        }
        Optional<Enrollment> enrollment = roster.of(subject.id(), subject.link().index());
        if (enrollment.isPresent() && enrollment.get().port().equals(name)) {
            Optional<Outcome> drift = drift(
                    subject,
                    enrollment.get(),
                    "renamed",
                    Map.of("name", name),
                    Map.of("name", subject.link().name().value()));
            if (drift.isPresent()) {
                return drift.get();
            }
        }
        return new Act(new NameLink(
                subject.id(),
                subject.link(),
                subject.name(),
                subject.namingMode().orElseThrow()));
    }

    private static Refuse refuseTaken(Subject subject, String holder) {
        return new Refuse(
                Refusal.NAME_TAKEN,
                "the name " + subject.name() + " for link " + subject.link().name() + " is held by " + holder,
                "rename or remove whatever holds it; the link is named as soon as the name is free");
    }

    private Outcome planAttach(Subject subject) {
        Optional<Enrollment> enrollment = roster.of(subject.id(), subject.link().index());
        if (enrollment.isPresent()) {
            Optional<Outcome> drift = drift(
                    subject,
                    enrollment.get(),
                    "removed",
                    Map.of(
                            "port",
                            enrollment.get().port(),
                            "bridge",
                            enrollment.get().bridge()),
                    Map.of());
            if (drift.isPresent()) {
                return drift.get();
            }
        }
        Optional<Outcome> preparation = prepare(subject);
        if (preparation.isPresent()) {
            return preparation.get();
        }
        Optional<Integer> vlan = vlan(subject, () -> enrollment.flatMap(Enrollment::vlan));
        return new Act(new AttachPort(
                subject.id(),
                subject.link(),
                subject.portName(),
                subject.intent().bridge(),
                vlan,
                subject.container().inner(subject.link().index()).orElseThrow()));
    }

    /**
     * Before anything else is done to a link, it is prepared, which fails unless it leads into the namespace of the
     * container's init. The kernel gives the number of a namespace that is gone to the next one, so until LXC has said that
     * a container has stopped, the link of one that is just being started can look like its own.
     */
    private Optional<Outcome> prepareOnce(Subject subject) {
        return subject.container().inner(subject.link().index()).isPresent() ? Optional.empty() : prepare(subject);
    }

    private Optional<Outcome> prepare(Subject subject) {
        boolean finishChecksums = view.bridge(subject.intent().bridge())
                .filter(Bridge::isUserspace)
                .isPresent();
        Optional<InnerLink> inner = subject.container().inner(subject.link().index());
        // A link that was enrolled and is down now was taken down on purpose.
        boolean mayBeDown = roster.of(subject.id(), subject.link().index()).isPresent();
        boolean prepared = inner.isPresent()
                && (subject.link().up() || mayBeDown)
                && (!finishChecksums || inner.get().checksumsFinished());
        return prepared
                ? Optional.empty()
                : Optional.of(new Act(new PrepareLink(
                        subject.id(),
                        subject.link(),
                        subject.container().initPid().orElseThrow(),
                        subject.intent().bridge(),
                        finishChecksums)));
    }

    private Outcome planPort(Subject subject, Port port) {
        Optional<Enrollment> enrollment = roster.of(subject.id(), subject.link().index());
        if (!isOurs(subject, port)) {
            return planForeignPort(subject, port, enrollment);
        }
        Optional<Outcome> preparation = prepare(subject);
        if (preparation.isPresent()) {
            return preparation.get();
        }
        String bridge = subject.intent().bridge();
        if (!port.name().equals(subject.portName())) {
            return planSwap(subject, port, enrollment);
        }
        if (!port.bridge().equals(bridge)) {
            return planMove(subject, port, enrollment);
        }
        Optional<Integer> vlan =
                vlan(subject, () -> enrollment.isPresent() ? enrollment.get().vlan() : port.tag());
        if (!port.tag().equals(vlan)) {
            return planRetag(subject, port, enrollment, vlan);
        }
        return planLive(subject, port, enrollment);
    }

    /** The access VLAN: what is asked for, else what was found, unless it was asked for earlier and was taken back. */
    private static Optional<Integer> vlan(Subject subject, Supplier<Optional<Integer>> found) {
        Optional<Integer> asked = subject.intent().vlan();
        return asked.isPresent() || subject.intent().takenBack().vlan() ? asked : found.get();
    }

    private Outcome planSwap(Subject subject, Port port, Optional<Enrollment> enrollment) {
        Optional<Port> holder = view.portNamed(subject.portName());
        if (holder.isPresent()) {
            return refuseTaken(subject, "a port of bridge " + holder.get().bridge());
        }
        if (subject.isNamedByOthers()
                && enrollment.filter(it -> it.port().equals(port.name())).isPresent()) {
            Optional<Outcome> drift = drift(
                    subject,
                    enrollment.get(),
                    "renamed",
                    Map.of("name", port.name()),
                    Map.of("name", subject.portName()));
            if (drift.isPresent()) {
                return drift.get();
            }
        }
        return new Act(new SwapPort(
                subject.id(),
                subject.link(),
                port,
                subject.portName(),
                subject.intent().bridge(),
                subject.container().inner(subject.link().index()).orElseThrow()));
    }

    private Outcome planForeignPort(Subject subject, Port port, Optional<Enrollment> enrollment) {
        boolean marksGone = enrollment.isPresent() && enrollment.get().port().equals(port.name());
        if (marksGone) {
            Optional<Outcome> drift = drift(
                    subject,
                    enrollment.get(),
                    "unmarked",
                    Map.of(Marks.CONTAINER, subject.id().value()),
                    Map.of(Marks.CONTAINER, port.externalIds().getOrDefault(Marks.CONTAINER, "")));
            if (drift.isPresent()) {
                return drift.get();
            }
        }
        if (view.marksOf(port).isPresent()) {
            // Ours, but for another link: the port outlived its link and will be removed as soon as that is certain.
            return new Rest(WAITING, "port " + port.name() + " of an earlier link is still there");
        }
        Optional<Outcome> preparation = prepareOnce(subject);
        if (preparation.isPresent()) {
            return preparation.get();
        }
        return new Act(new AdoptPort(subject.id(), subject.link(), port));
    }

    private Outcome planMove(Subject subject, Port port, Optional<Enrollment> enrollment) {
        String bridge = subject.intent().bridge();
        if (enrollment.isPresent() && enrollment.get().bridge().equals(bridge)) {
            Optional<Outcome> drift = drift(
                    subject, enrollment.get(), "moved", Map.of("bridge", bridge), Map.of("bridge", port.bridge()));
            if (drift.isPresent()) {
                return drift.get();
            }
        }
        return new Act(new MovePort(subject.id(), port, bridge));
    }

    private Outcome planRetag(Subject subject, Port port, Optional<Enrollment> enrollment, Optional<Integer> vlan) {
        if (enrollment.isPresent() && enrollment.get().vlan().equals(vlan)) {
            Optional<Outcome> drift = drift(
                    subject, enrollment.get(), "retagged", Map.of("tag", tag(vlan)), Map.of("tag", tag(port.tag())));
            if (drift.isPresent()) {
                return drift.get();
            }
        }
        return new Act(new RetagPort(subject.id(), port, vlan));
    }

    private static String tag(Optional<Integer> vlan) {
        return vlan.map(String::valueOf).orElse("none");
    }

    private Outcome planLive(Subject subject, Port port, Optional<Enrollment> enrollment) {
        if (!port.isLive()) {
            return planDead(subject, port, enrollment);
        }
        Optional<Outcome> addressing = planAddress(subject);
        if (addressing.isPresent()) {
            return addressing.get();
        }
        InnerLink inner = subject.container().inner(subject.link().index()).orElseThrow();
        Marks marks = view.marksOf(port).orElseThrow();
        if (enrollment.isEmpty() || !says(enrollment.get(), marks, port)) {
            return new Act(new RecordEnrolled(fact(subject, port, marks, inner)));
        }
        if (!enrollment.get().entry().equals(marks.entry())
                && enrollment.get().entry().isPresent()) {
            return new Act(
                    new StampEntry(subject.id(), port, enrollment.get().entry().get()));
        }
        return new Rest(ENROLLED, "");
    }

    /** A link that is attached to nothing is looked into only if it is to have an address. */
    private Optional<Outcome> planAddressWithoutPort(Subject subject) {
        boolean concerned = subject.intent().address().isPresent()
                || subject.intent().takenBack().address().isPresent();
        return concerned && subject.first() ? prepareOnce(subject).or(() -> planAddress(subject)) : Optional.empty();
    }

    /** A static address belongs to the first link of a container. */
    private static Optional<Outcome> planAddress(Subject subject) {
        Link link = subject.link();
        ContainerView container = subject.container();
        Optional<InnerLink> inner = container.inner(link.index());
        if (!subject.first() || inner.isEmpty()) {
            return Optional.empty();
        }
        long initPid = container.initPid().orElseThrow();
        Optional<StaticAddress> wanted = subject.intent().address();
        if (wanted.isPresent()) {
            return container.addressOf(link.index()).equals(wanted)
                    ? Optional.empty()
                    : Optional.of(new Act(new AssignAddress(subject.id(), link, inner.get(), initPid, wanted.get())));
        }
        return subject.intent()
                .takenBack()
                .address()
                .filter(former -> !container.isCleared(link.index()))
                .map(former -> new Act(new ClearAddress(subject.id(), link, inner.get(), initPid, former)));
    }

    private static boolean says(Enrollment enrollment, Marks marks, Port port) {
        return enrollment.id().equals(marks.enrollment())
                && enrollment.port().equals(port.name())
                && enrollment.bridge().equals(port.bridge())
                && enrollment.vlan().equals(port.tag());
    }

    private ContainerEnrolled fact(Subject subject, Port port, Marks marks, InnerLink inner) {
        return new ContainerEnrolled(
                subject.id(),
                marks.enrollment(),
                new LinkName(port.name()),
                subject.link().index(),
                port.bridge(),
                port.tag(),
                Optional.of(inner.mac()),
                port.ofport(),
                !roster.isKnown(subject.id(), marks.enrollment()));
    }

    private static Outcome planDead(Subject subject, Port port, Optional<Enrollment> enrollment) {
        if (port.ofport() == 0 && port.error().isEmpty()) {
            return new Rest(WAITING, "ovs-vswitchd has not made port " + port.name() + " live yet");
        }
        String error = port.error().orElse("ofport " + port.ofport());
        if (enrollment.isPresent()) {
            return new Act(new RecordLost(subject.id(), enrollment.get(), error));
        }
        return new Refuse(
                Refusal.PORT_FAILED,
                "ovs-vswitchd cannot make port " + port.name() + " live: " + error,
                "see ovs-vswitchd's log; the port is watched and confirmed as soon as it works");
    }

    /** What to do first about a drift: tell it once, and stop there if it is only to be told. */
    private Optional<Outcome> drift(
            Subject subject,
            Enrollment enrollment,
            String what,
            Map<String, String> before,
            Map<String, String> after) {
        if (!roster.isDriftTold(subject.id(), subject.link().index(), what + after)) {
            return Optional.of(new Act(new RecordDrift(subject.id(), enrollment, what, before, after, repairDrift)));
        }
        return repairDrift
                ? Optional.empty()
                : Optional.of(new Rest(DRIFTED, "port " + enrollment.port() + " was " + what + " by another hand"));
    }
}
