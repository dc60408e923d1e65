// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import java.util.Optional;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.EnrollmentEvent.PortMaker;
import org.opdbus.events.Port;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.DetachPort;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.RetagPort;
import org.opdbus.verticles.enroll.bridge.plan.RecordStep.RecordDetached;
import org.opdbus.verticles.plan.LinkRule;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Act;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.PortOwner;

/**
 * Takes a link off its bridge that is to be attached to nothing, and closes an enrolment whose port is gone already: an earlier run of
 * the agent can have ended between the two. A port of a virtual machine that another program made stays: the
 * program that started the machine attached it, and only its VLAN was the agent's.
 */
public final class DetachRule implements LinkRule {
    private final HostView view;

    public DetachRule(HostView view) {
        this.view = view;
    }

    @Override
    public Optional<Outcome> decide(LinkSubject subject, Optional<Port> port) {
        int index = subject.link().index();
        return port.isEmpty() && view.isListed(Source.OVSDB)
                ? view.enrollments()
                        .of(subject.id(), index)
                        .map(open -> new Act(new RecordDetached(subject.id(), open)))
                : port.filter(found -> view.isOurs(subject.id(), index, found))
                        .flatMap(found -> detach(subject, found));
    }

    private Optional<Outcome> detach(LinkSubject subject, Port port) {
        PortOwner marks = view.marksOf(port).orElseThrow();
        if (subject.id().kind() == Kind.VM
                && marks.maker().filter(PortMaker.AGENT::equals).isEmpty()) {
            return subject.intent().takenBack().vlan() && port.tag().isPresent()
                    ? Optional.of(new Act(new RetagPort(subject.id(), subject.link(), port, Optional.empty())))
                    : Optional.empty();
        }
        return Optional.of(new Act(new DetachPort(subject.id(), subject.link(), port, marks.enrollment())));
    }
}
