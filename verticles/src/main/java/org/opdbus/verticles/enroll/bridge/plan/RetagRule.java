// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.opdbus.events.Port;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.RetagPort;
import org.opdbus.verticles.plan.LinkRule;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Act;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.HostView;

/** Gives a port of ours the access VLAN that it should have. */
public final class RetagRule implements LinkRule {
    private final HostView view;
    private final Drifts drifts;

    public RetagRule(HostView view, Drifts drifts) {
        this.view = view;
        this.drifts = drifts;
    }

    @Override
    public Optional<Outcome> decide(LinkSubject subject, Optional<Port> port) {
        return port.flatMap(found -> retag(subject, found));
    }

    private Optional<Outcome> retag(LinkSubject subject, Port port) {
        Optional<Enrollment> enrollment =
                view.enrollments().of(subject.id(), subject.link().index());
        Optional<Integer> vlan = vlan(
                subject,
                () -> recordedFor(port, enrollment).map(Enrollment::vlan).orElse(port.tag()));
        if (port.tag().equals(vlan)) {
            return Optional.empty();
        }
        Optional<Outcome> drift = enrollment
                .filter(it -> it.vlan().equals(vlan))
                .flatMap(
                        it -> drifts.of(it, Drifts.RETAGGED, Map.of("tag", tag(vlan)), Map.of("tag", tag(port.tag()))));
        return drift.or(() -> Optional.of(new Act(new RetagPort(subject.id(), subject.link(), port, vlan))));
    }

    /**
     * Returns the enrolment if it belongs to the port's present configuration. A port that the agent took over from another
     * program has a new enrolment id. Until the agent records that enrolment, the VLAN of the port itself counts.
     */
    private Optional<Enrollment> recordedFor(Port port, Optional<Enrollment> enrollment) {
        return enrollment.filter(it -> view.marksOf(port)
                .filter(marks -> marks.enrollment().equals(it.id()))
                .isPresent());
    }

    /**
     * Returns the access VLAN that the port should have: that of the desired state; else none if the desired state had one
     * earlier; else the one that the agent found.
     */
    static Optional<Integer> vlan(LinkSubject subject, Supplier<Optional<Integer>> found) {
        Optional<Integer> asked = subject.intent().vlan();
        return asked.isPresent() || subject.intent().takenBack().vlan() ? asked : found.get();
    }

    /** Returns the text of an access VLAN in a fact. */
    public static String tag(Optional<Integer> vlan) {
        return vlan.map(String::valueOf).orElse("none");
    }
}
