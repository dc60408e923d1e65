// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.rename;

import java.util.Optional;
import org.opdbus.events.Port;
import org.opdbus.verticles.plan.LinkRule;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Act;
import org.opdbus.verticles.rename.RenameStep.HearPorts;

/**
 * Before a link is named, every port must be known that existed after the link was seen to lead into the container.
 * The name is the only connection between a link and a port that another program made for it.
 */
public final class PortsHeardRule implements LinkRule {
    @Override
    public Optional<Outcome> decide(LinkSubject subject, Optional<Port> port) {
        return subject.container().arePortsHeard(subject.link().index())
                ? Optional.empty()
                : Optional.of(new Act(new HearPorts(
                        subject.id(),
                        subject.link(),
                        subject.container().initPid().orElseThrow())));
    }
}
