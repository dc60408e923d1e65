// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import java.util.Optional;
import org.opdbus.events.Port;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.AbsorbPort;
import org.opdbus.verticles.plan.LinkRule;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Act;
import org.opdbus.verticles.view.HostView;

/** Absorbs into our row a second row of the link, which another program made under an earlier name of the link. */
public final class AbsorbRule implements LinkRule {
    private final HostView view;

    public AbsorbRule(HostView view) {
        this.view = view;
    }

    @Override
    public Optional<Outcome> decide(LinkSubject subject, Optional<Port> port) {
        return port.flatMap(own -> view.portUnderFormerName(subject.link())
                .filter(late -> late.bridge().equals(subject.intent().bridge()))
                .map(late -> new Act(new AbsorbPort(subject.id(), subject.link(), own, late))));
    }
}
