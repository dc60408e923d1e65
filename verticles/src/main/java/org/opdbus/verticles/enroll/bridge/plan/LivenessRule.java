// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import static org.opdbus.verticles.inventory.ContainerPhase.ENROLLED;
import static org.opdbus.verticles.inventory.ContainerPhase.WAITING;

import java.util.Optional;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.events.Port;
import org.opdbus.events.Port.VlanTrunk;
import org.opdbus.events.Refusal;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.StampEntry;
import org.opdbus.verticles.enroll.bridge.plan.RecordStep.RecordEnrolled;
import org.opdbus.verticles.enroll.bridge.plan.RecordStep.RecordLost;
import org.opdbus.verticles.plan.LinkRule;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Act;
import org.opdbus.verticles.plan.Outcome.Refuse;
import org.opdbus.verticles.plan.Outcome.Rest;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.PortOwner;

/**
 * Records a correctly configured port as live, or reports why it is not live. This is the last rule for a link with a port.
 */
public final class LivenessRule implements LinkRule {
    private final HostView view;
    private final LinkRule address = new AddressRule();

    public LivenessRule(HostView view) {
        this.view = view;
    }

    @Override
    public Optional<Outcome> decide(LinkSubject subject, Optional<Port> port) {
        return port.map(found -> found.isLive() ? live(subject, found) : dead(subject, found));
    }

    private Outcome live(LinkSubject subject, Port port) {
        Optional<Outcome> addressing = address.decide(subject, Optional.of(port));
        if (addressing.isPresent()) {
            return addressing.get();
        }
        Optional<Enrollment> enrollment =
                view.enrollments().of(subject.id(), subject.link().index());
        PortOwner marks = view.marksOf(port).orElseThrow();
        if (enrollment.isEmpty() || !says(enrollment.get(), marks, port)) {
            return new Act(new RecordEnrolled(
                    fact(subject, port, marks, subject.inner().orElseThrow())));
        }
        Optional<Long> entry = enrollment.get().entry();
        return entry.isPresent() && !entry.equals(marks.entry())
                ? new Act(new StampEntry(subject.id(), subject.link(), port, entry.get()))
                : new Rest(ENROLLED, "");
    }

    private static boolean says(Enrollment enrollment, PortOwner marks, Port port) {
        return enrollment.id().equals(marks.enrollment())
                && enrollment.port().equals(port.name())
                && enrollment.bridge().equals(port.bridge())
                && enrollment.vlan().equals(port.tag())
                && enrollment.trunk().equals(VlanTrunk.of(port));
    }

    private ContainerEnrolled fact(LinkSubject subject, Port port, PortOwner marks, Link.Inner inner) {
        return new ContainerEnrolled(
                subject.id(),
                marks.enrollment(),
                new LinkName(port.name()),
                subject.link().index(),
                port.bridge(),
                port.tag(),
                VlanTrunk.of(port),
                Optional.of(inner.mac()).filter(mac -> !mac.isEmpty()),
                port.ofport(),
                marks.maker(),
                !view.enrollments().isKnown(subject.id(), marks.enrollment()));
    }

    private Outcome dead(LinkSubject subject, Port port) {
        if (port.ofport() == 0 && port.error().isEmpty()) {
            return new Rest(WAITING, "ovs-vswitchd has not made port " + port.name() + " live yet");
        }
        String error = port.error().orElse("ofport " + port.ofport());
        return view.enrollments()
                .of(subject.id(), subject.link().index())
                .<Outcome>map(enrollment -> new Act(new RecordLost(subject.id(), enrollment, error)))
                .orElseGet(() -> new Refuse(
                        Refusal.PORT_FAILED,
                        "ovs-vswitchd cannot make port " + port.name() + " live: " + error,
                        "see ovs-vswitchd's log; the port is watched and confirmed as soon as it works"));
    }
}
