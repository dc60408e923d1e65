// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import java.util.Optional;
import org.opdbus.events.Port;
import org.opdbus.verticles.edges.PortSettings;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.AttachPort;
import org.opdbus.verticles.plan.LinkRule;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Act;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.HostView;

/** Makes a link without a port a port of its bridge. */
public final class AttachRule implements LinkRule {
    private final HostView view;

    public AttachRule(HostView view) {
        this.view = view;
    }

    @Override
    public Optional<Outcome> decide(LinkSubject subject, Optional<Port> port) {
        if (port.isPresent()) {
            return Optional.empty();
        }
        Optional<Enrollment> enrollment =
                view.enrollments().of(subject.id(), subject.link().index());
        Optional<Integer> vlan = RetagRule.vlan(subject, () -> enrollment.flatMap(Enrollment::vlan));
        return Optional.of(new Act(new AttachPort(
                subject.id(),
                subject.link(),
                subject.portName(),
                subject.intent().bridge(),
                PortSettings.vlans(vlan, enrollment.flatMap(Enrollment::trunk)),
                subject.inner().orElseThrow(),
                view.formerNamesOf(subject.link()))));
    }
}
