// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import java.util.Optional;
import org.opdbus.events.Link;
import org.opdbus.verticles.reconcile.Action.AssignAddress;
import org.opdbus.verticles.reconcile.Action.ClearAddress;
import org.opdbus.verticles.reconcile.Outcome.Act;
import org.opdbus.verticles.view.ContainerView;
import org.opdbus.verticles.view.InnerLink;
import org.opdbus.verticles.view.StaticAddress;

/** The static address of a container. */
final class AddressPlanner {
    private final Preparation preparing;

    AddressPlanner(Preparation preparing) {
        this.preparing = preparing;
    }

    /** A link that is attached to nothing is looked into only if it is to have an address. */
    Optional<Outcome> withoutPort(LinkSubject subject) {
        boolean concerned = subject.intent().address().isPresent()
                || subject.intent().takenBack().address().isPresent();
        return concerned && subject.first() ? preparing.once(subject).or(() -> plan(subject)) : Optional.empty();
    }

    /** A static address belongs to the first link of a container. */
    static Optional<Outcome> plan(LinkSubject subject) {
        Link link = subject.link();
        ContainerView container = subject.container();
        Optional<InnerLink> inner = container.inner(link.index());
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
