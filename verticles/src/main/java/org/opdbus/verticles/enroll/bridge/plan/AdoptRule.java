// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import java.util.Optional;
import org.opdbus.events.Port;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.AdoptPort;
import org.opdbus.verticles.plan.LinkRule;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Act;
import org.opdbus.verticles.view.HostView;

/** Marks a port that another program made for a link, so that it is provably ours from then on. */
public final class AdoptRule implements LinkRule {
    private final HostView view;

    public AdoptRule(HostView view) {
        this.view = view;
    }

    @Override
    public Optional<Outcome> decide(LinkSubject subject, Optional<Port> port) {
        return port.filter(found -> !view.isOurs(subject.id(), subject.link().index(), found))
                .map(found -> new Act(new AdoptPort(subject.id(), subject.link(), found)));
    }
}
