// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.rename;

import java.util.Optional;
import org.opdbus.events.Link;
import org.opdbus.events.Port;
import org.opdbus.verticles.plan.LinkRule;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.view.HostView;

/** Does not take a name away from another link or from another link's port. */
public final class NameTakenRule implements LinkRule {
    private final HostView view;

    public NameTakenRule(HostView view) {
        this.view = view;
    }

    @Override
    public Optional<Outcome> decide(LinkSubject subject, Optional<Port> port) {
        String name = subject.name().value();
        Optional<Link> holder = view.linkNamed(name);
        if (holder.isPresent() && holder.get().index() != subject.link().index()) {
            return Optional.of(subject.refuseTaken("link " + holder.get().index()
                    + (holder.get().name().value().equals(name)
                            ? ""
                            : " (" + holder.get().name() + ")")));
        }
        Optional<Port> portHolder = view.portNamed(name);
        return portHolder
                .filter(held -> !view.isOurs(subject.id(), subject.link().index(), held))
                .map(held -> subject.refuseTaken("a port of bridge " + held.bridge()));
    }
}
