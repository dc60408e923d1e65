// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import java.util.Optional;
import org.opdbus.events.Port;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.SwapPort;
import org.opdbus.verticles.plan.LinkRule;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Act;
import org.opdbus.verticles.view.HostView;

/** Replaces a port that has its link's former name with a port that has its present name. */
public final class SwapRule implements LinkRule {
    private final HostView view;
    private final Drifts drifts;

    public SwapRule(HostView view, Drifts drifts) {
        this.view = view;
        this.drifts = drifts;
    }

    @Override
    public Optional<Outcome> decide(LinkSubject subject, Optional<Port> port) {
        return port.filter(found -> !found.name().equals(subject.portName())).map(found -> swap(subject, found));
    }

    private Outcome swap(LinkSubject subject, Port port) {
        Optional<Port> holder = view.portNamed(subject.portName());
        if (holder.isPresent()) {
            return subject.refuseTaken("a port of bridge " + holder.get().bridge());
        }
        Optional<Outcome> drift = view.enrollments()
                .of(subject.id(), subject.link().index())
                .filter(enrollment ->
                        subject.isNamedByOthers() && enrollment.port().equals(port.name()))
                .flatMap(enrollment -> drifts.renamed(enrollment, port.name(), subject.portName()));
        return drift.orElseGet(() -> new Act(new SwapPort(
                subject.id(),
                subject.link(),
                port,
                subject.portName(),
                subject.intent().bridge(),
                subject.inner().orElseThrow())));
    }
}
