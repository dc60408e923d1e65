// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import static org.opdbus.verticles.inventory.ContainerPhase.WAITING;

import java.util.Map;
import java.util.Optional;
import org.opdbus.events.Port;
import org.opdbus.verticles.plan.LinkRule;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Rest;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.PortOwner;

/**
 * Decides what must happen before the agent adopts a port that has no marks for this link: it publishes a drift, and it waits
 * for the removal of an earlier link's port.
 */
public final class ForeignPortRule implements LinkRule {
    private final HostView view;
    private final Drifts drifts;

    public ForeignPortRule(HostView view, Drifts drifts) {
        this.view = view;
        this.drifts = drifts;
    }

    @Override
    public Optional<Outcome> decide(LinkSubject subject, Optional<Port> port) {
        return port.filter(found -> !view.isOurs(subject.id(), subject.link().index(), found))
                .flatMap(found -> unmarked(subject, found).or(() -> ofEarlierLink(view, found)));
    }

    private Optional<Outcome> unmarked(LinkSubject subject, Port port) {
        return view.enrollments()
                .of(subject.id(), subject.link().index())
                .filter(enrollment -> enrollment.port().equals(port.name()))
                .flatMap(enrollment -> drifts.of(
                        enrollment,
                        Drifts.UNMARKED,
                        Map.of(PortOwner.CONTAINER, subject.id().value()),
                        Map.of(PortOwner.CONTAINER, port.externalIds().getOrDefault(PortOwner.CONTAINER, ""))));
    }

    /**
     * Makes the agent wait for a port of ours that belongs to an earlier link. The agent removes such a port as soon as it is
     * certain that its link is gone.
     */
    public static Optional<Outcome> ofEarlierLink(HostView view, Port port) {
        return view.marksOf(port)
                .map(marks -> new Rest(WAITING, "port " + port.name() + " of an earlier link is still there"));
    }
}
