// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import java.util.Optional;
import org.opdbus.events.Port;
import org.opdbus.verticles.plan.LinkRule;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.HostView;

/** Publishes that the port of an enrolled link is gone, and gives the program that removed it time to make it again. */
public final class RemovedRule implements LinkRule {
    private final HostView view;
    private final Drifts drifts;
    private final RepairRule repairs;

    public RemovedRule(HostView view, Drifts drifts, QuietTimes quiet) {
        this.view = view;
        this.drifts = drifts;
        repairs = new RepairRule(quiet);
    }

    @Override
    public Optional<Outcome> decide(LinkSubject subject, Optional<Port> port) {
        if (port.isPresent()) {
            return Optional.empty();
        }
        Optional<Enrollment> enrollment =
                view.enrollments().of(subject.id(), subject.link().index());
        return enrollment.flatMap(drifts::removed).or(() -> repairs.restraint(subject, enrollment));
    }
}
