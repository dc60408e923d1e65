// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import java.util.Optional;
import org.opdbus.events.Link;
import org.opdbus.events.Port;
import org.opdbus.events.StaticAddress;
import org.opdbus.verticles.enroll.bridge.plan.AddressStep.AssignAddress;
import org.opdbus.verticles.enroll.bridge.plan.AddressStep.ClearAddress;
import org.opdbus.verticles.plan.LinkRule;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Act;
import org.opdbus.verticles.view.ContainerView;

/** Sets or clears the static address of a container on its first link. */
public final class AddressRule implements LinkRule {
    @Override
    public Optional<Outcome> decide(LinkSubject subject, Optional<Port> port) {
        Link link = subject.link();
        ContainerView container = subject.container();
        Optional<Link.Inner> inner = subject.inner();
        if (!subject.first() || inner.isEmpty()) {
            return Optional.empty();
        }
        long initPid = container.initPid().orElseThrow();
        Optional<StaticAddress> wanted = subject.intent().address();
        if (wanted.isPresent()) {
            return container.addressOf(link.index()).equals(wanted)
                    ? Optional.empty()
                    : Optional.of(new Act(new AssignAddress(subject.id(), link, inner.get(), initPid, wanted.get())));
        }
        return subject.intent()
                .takenBack()
                .address()
                .filter(former -> !container.isCleared(link.index()))
                .map(former -> new Act(new ClearAddress(subject.id(), link, inner.get(), initPid, former)));
    }
}
