// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import static org.opdbus.verticles.inventory.ContainerPhase.WAITING;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.opdbus.events.Port;
import org.opdbus.verticles.reconcile.Action.AbsorbPort;
import org.opdbus.verticles.reconcile.Action.AdoptPort;
import org.opdbus.verticles.reconcile.Action.AttachPort;
import org.opdbus.verticles.reconcile.Action.MovePort;
import org.opdbus.verticles.reconcile.Action.RetagPort;
import org.opdbus.verticles.reconcile.Action.SwapPort;
import org.opdbus.verticles.reconcile.Outcome.Act;
import org.opdbus.verticles.reconcile.Outcome.Rest;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.Enrollments;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.PortOwner;

/** How a link's port comes to be what it should be. */
final class PortPlanner {
    private final HostView view;
    private final Enrollments enrollments;
    private final Preparation preparing;
    private final DriftPlanner drifts;
    private final LivenessPlanner liveness;
    private final RepairRule repairs;

    PortPlanner(
            HostView view, Enrollments enrollments, Preparation preparing, DriftPlanner drifts, RepairRule repairs) {
        this.view = view;
        this.enrollments = enrollments;
        this.preparing = preparing;
        this.drifts = drifts;
        this.repairs = repairs;
        liveness = new LivenessPlanner(view, enrollments);
    }

    /** There is none: how the link comes to one. */
    Outcome attach(LinkSubject subject) {
        Optional<Enrollment> enrollment =
                enrollments.of(subject.id(), subject.link().index());
        if (enrollment.isPresent()) {
            Optional<Outcome> drift = drifts.of(
                    subject,
                    enrollment.get(),
                    DriftPlanner.REMOVED,
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
        Optional<Outcome> restraint = repairs.restraint(subject, enrollment);
        if (restraint.isPresent()) {
            return restraint.get();
        }
        Optional<Outcome> preparation = preparing.again(subject);
        if (preparation.isPresent()) {
            return preparation.get();
        }
        Optional<Integer> vlan = vlan(subject, () -> enrollment.flatMap(Enrollment::vlan));
        return new Act(new AttachPort(
                subject.id(),
                subject.link(),
                subject.portName(),
                subject.intent().bridge(),
                PortSettings.vlans(vlan, enrollment.flatMap(Enrollment::trunk)),
                subject.inner().orElseThrow(),
                view.formerNamesOf(subject.link())));
    }

    /** There is one: how it comes to be as it should. */
    Outcome plan(LinkSubject subject, Port port) {
        Optional<Enrollment> enrollment =
                enrollments.of(subject.id(), subject.link().index());
        if (!view.isOurs(subject.id(), subject.link().index(), port)) {
            return planForeignPort(subject, port, enrollment);
        }
        Optional<Outcome> preparation = preparing.again(subject);
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
        Optional<Port> late = view.portUnderFormerName(subject.link())
                .filter(it -> it.bridge().equals(bridge));
        if (late.isPresent()) {
            return new Act(new AbsorbPort(subject.id(), subject.link(), port, late.get()));
        }
        Optional<Integer> vlan = vlan(
                subject,
                () -> recordedFor(port, enrollment).map(Enrollment::vlan).orElse(port.tag()));
        if (!port.tag().equals(vlan)) {
            return planRetag(subject, port, enrollment, vlan);
        }
        return liveness.plan(subject, port, enrollment);
    }

    /**
     * The enrolment, if it is that of the port as it is configured now. A port that was taken over from another hand bears
     * a new enrolment until that is recorded, and until then its own VLAN is what counts.
     */
    private Optional<Enrollment> recordedFor(Port port, Optional<Enrollment> enrollment) {
        return enrollment.filter(it -> view.marksOf(port)
                .filter(marks -> marks.enrollment().equals(it.id()))
                .isPresent());
    }

    /** The access VLAN: what is asked for, else what was found, unless it was asked for earlier and was taken back. */
    private static Optional<Integer> vlan(LinkSubject subject, Supplier<Optional<Integer>> found) {
        Optional<Integer> asked = subject.intent().vlan();
        return asked.isPresent() || subject.intent().takenBack().vlan() ? asked : found.get();
    }

    private Outcome planSwap(LinkSubject subject, Port port, Optional<Enrollment> enrollment) {
        Optional<Port> holder = view.portNamed(subject.portName());
        if (holder.isPresent()) {
            return NamePlanner.refuseTaken(
                    subject, "a port of bridge " + holder.get().bridge());
        }
        if (subject.isNamedByOthers()
                && enrollment.filter(it -> it.port().equals(port.name())).isPresent()) {
            Optional<Outcome> drift = drifts.of(
                    subject,
                    enrollment.get(),
                    DriftPlanner.RENAMED,
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
                subject.inner().orElseThrow()));
    }

    private Outcome planForeignPort(LinkSubject subject, Port port, Optional<Enrollment> enrollment) {
        boolean marksGone = enrollment.isPresent() && enrollment.get().port().equals(port.name());
        if (marksGone) {
            Optional<Outcome> drift = drifts.of(
                    subject,
                    enrollment.get(),
                    DriftPlanner.UNMARKED,
                    Map.of(PortOwner.CONTAINER, subject.id().value()),
                    Map.of(PortOwner.CONTAINER, port.externalIds().getOrDefault(PortOwner.CONTAINER, "")));
            if (drift.isPresent()) {
                return drift.get();
            }
        }
        if (view.marksOf(port).isPresent()) {
            // Ours, but for another link: the port outlived its link and will be removed as soon as that is certain.
            return new Rest(WAITING, "port " + port.name() + " of an earlier link is still there");
        }
        Optional<Outcome> preparation = preparing.once(subject);
        if (preparation.isPresent()) {
            return preparation.get();
        }
        return new Act(new AdoptPort(subject.id(), subject.link(), port));
    }

    private Outcome planMove(LinkSubject subject, Port port, Optional<Enrollment> enrollment) {
        String bridge = subject.intent().bridge();
        if (enrollment.isPresent() && enrollment.get().bridge().equals(bridge)) {
            Optional<Outcome> drift = drifts.of(
                    subject,
                    enrollment.get(),
                    DriftPlanner.MOVED,
                    Map.of("bridge", bridge),
                    Map.of("bridge", port.bridge()));
            if (drift.isPresent()) {
                return drift.get();
            }
        }
        return new Act(new MovePort(subject.id(), port, bridge));
    }

    private Outcome planRetag(LinkSubject subject, Port port, Optional<Enrollment> enrollment, Optional<Integer> vlan) {
        if (enrollment.isPresent() && enrollment.get().vlan().equals(vlan)) {
            Optional<Outcome> drift = drifts.of(
                    subject,
                    enrollment.get(),
                    DriftPlanner.RETAGGED,
                    Map.of("tag", tag(vlan)),
                    Map.of("tag", tag(port.tag())));
            if (drift.isPresent()) {
                return drift.get();
            }
        }
        return new Act(new RetagPort(subject.id(), port, vlan));
    }

    static String tag(Optional<Integer> vlan) {
        return vlan.map(String::valueOf).orElse("none");
    }
}
