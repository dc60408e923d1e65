// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.rename;

import java.util.Optional;
import org.opdbus.events.Port;
import org.opdbus.verticles.plan.LinkRule;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Act;
import org.opdbus.verticles.rename.RenameStep.NameLink;

/** Gives a link its wanted name. */
public final class NameRule implements LinkRule {
    @Override
    public Optional<Outcome> decide(LinkSubject subject, Optional<Port> port) {
        return subject.isNamed()
                ? Optional.empty()
                : Optional.of(new Act(new NameLink(
                        subject.id(),
                        subject.link(),
                        subject.name(),
                        subject.namingMode().orElseThrow())));
    }
}
