// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import static org.opdbus.verticles.inventory.ContainerPhase.ENROLLED;
import static org.opdbus.verticles.inventory.ContainerPhase.WAITING;

import java.util.Optional;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.LinkName;
import org.opdbus.events.Port;
import org.opdbus.events.Refusal;
import org.opdbus.events.VlanTrunk;
import org.opdbus.verticles.reconcile.Action.RecordEnrolled;
import org.opdbus.verticles.reconcile.Action.RecordLost;
import org.opdbus.verticles.reconcile.Action.StampEntry;
import org.opdbus.verticles.reconcile.Outcome.Act;
import org.opdbus.verticles.reconcile.Outcome.Refuse;
import org.opdbus.verticles.reconcile.Outcome.Rest;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.Enrollments;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.InnerLink;
import org.opdbus.verticles.view.PortOwner;

/** What is to be recorded of a port that is as it should be: that it is live, or why it is not. */
final class LivenessPlanner {
    private final HostView view;
    private final Enrollments enrollments;

    LivenessPlanner(HostView view, Enrollments enrollments) {
        this.view = view;
        this.enrollments = enrollments;
    }

    Outcome plan(LinkSubject subject, Port port, Optional<Enrollment> enrollment) {
        if (!port.isLive()) {
            return planDead(subject, port, enrollment);
        }
        Optional<Outcome> addressing = AddressPlanner.plan(subject);
        if (addressing.isPresent()) {
            return addressing.get();
        }
        InnerLink inner = subject.inner().orElseThrow();
        PortOwner marks = view.marksOf(port).orElseThrow();
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

    private static boolean says(Enrollment enrollment, PortOwner marks, Port port) {
        return enrollment.id().equals(marks.enrollment())
                && enrollment.port().equals(port.name())
                && enrollment.bridge().equals(port.bridge())
                && enrollment.vlan().equals(port.tag())
                && enrollment.trunk().equals(VlanTrunk.of(port));
    }

    private ContainerEnrolled fact(LinkSubject subject, Port port, PortOwner marks, InnerLink inner) {
        return new ContainerEnrolled(
                subject.id(),
                marks.enrollment(),
                new LinkName(port.name()),
                subject.link().index(),
                port.bridge(),
                port.tag(),
                VlanTrunk.of(port),
                Optional.of(inner.mac()),
                port.ofport(),
                marks.maker(),
                !enrollments.isKnown(subject.id(), marks.enrollment()));
    }

    private static Outcome planDead(LinkSubject subject, Port port, Optional<Enrollment> enrollment) {
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
}
