// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import java.util.Map;
import java.util.Optional;
import org.opdbus.events.Port;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.MovePort;
import org.opdbus.verticles.plan.LinkRule;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Act;
import org.opdbus.verticles.view.HostView;

/** Moves a port of ours from another bridge to the bridge that the desired state gives. */
public final class MoveRule implements LinkRule {
    private final HostView view;
    private final Drifts drifts;

    public MoveRule(HostView view, Drifts drifts) {
        this.view = view;
        this.drifts = drifts;
    }

    @Override
    public Optional<Outcome> decide(LinkSubject subject, Optional<Port> port) {
        String bridge = subject.intent().bridge();
        return port.filter(found -> !found.bridge().equals(bridge))
                .map(found -> moved(subject, found)
                        .orElseGet(() -> new Act(new MovePort(subject.id(), subject.link(), found, bridge))));
    }

    private Optional<Outcome> moved(LinkSubject subject, Port port) {
        String bridge = subject.intent().bridge();
        return view.enrollments()
                .of(subject.id(), subject.link().index())
                .filter(enrollment -> enrollment.bridge().equals(bridge))
                .flatMap(enrollment ->
                        drifts.of(enrollment, Drifts.MOVED, Map.of("bridge", bridge), Map.of("bridge", port.bridge())));
    }
}
