// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import java.util.Optional;
import org.opdbus.events.Port;
import org.opdbus.verticles.plan.LinkRule;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.view.HostView;

/** Publishes that another program has renamed an enrolled link, before the agent gives the link its name back. */
public final class RenamedRule implements LinkRule {
    private final HostView view;
    private final Drifts drifts;

    public RenamedRule(HostView view, Drifts drifts) {
        this.view = view;
        this.drifts = drifts;
    }

    @Override
    public Optional<Outcome> decide(LinkSubject subject, Optional<Port> port) {
        String name = subject.name().value();
        return view.enrollments()
                .of(subject.id(), subject.link().index())
                .filter(enrollment -> enrollment.port().equals(name))
                .flatMap(enrollment ->
                        drifts.renamed(enrollment, name, subject.link().name().value()));
    }
}
