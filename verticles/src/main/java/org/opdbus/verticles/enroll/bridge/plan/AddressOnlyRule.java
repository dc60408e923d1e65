// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import static org.opdbus.verticles.inventory.ContainerPhase.ENROLLED;

import java.util.Optional;
import org.opdbus.events.Port;
import org.opdbus.verticles.plan.LinkRule;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Rest;

/** Prepares a link without a bridge only to set or remove its static address. This is the last rule for such a link. */
public final class AddressOnlyRule implements LinkRule {
    private final LinkRule prepareOnce;
    private final LinkRule address = new AddressRule();

    public AddressOnlyRule(LinkRule prepareOnce) {
        this.prepareOnce = prepareOnce;
    }

    @Override
    public Optional<Outcome> decide(LinkSubject subject, Optional<Port> port) {
        boolean concerned = subject.intent().address().isPresent()
                || subject.intent().takenBack().address().isPresent();
        Optional<Outcome> work = concerned && subject.first()
                ? prepareOnce.decide(subject, port).or(() -> address.decide(subject, port))
                : Optional.empty();
        return Optional.of(work.orElseGet(() -> new Rest(ENROLLED, "")));
    }
}
