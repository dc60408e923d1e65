// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import java.util.Map;
import java.util.Optional;
import org.opdbus.events.Link;
import org.opdbus.events.Port;
import org.opdbus.events.Refusal;
import org.opdbus.verticles.reconcile.Action.AdoptPort;
import org.opdbus.verticles.reconcile.Action.HearPorts;
import org.opdbus.verticles.reconcile.Action.NameLink;
import org.opdbus.verticles.reconcile.Outcome.Act;
import org.opdbus.verticles.reconcile.Outcome.Refuse;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.Enrollments;
import org.opdbus.verticles.view.HostView;

/** How a link comes to the name that it should have. */
final class NamePlanner {
    private final HostView view;
    private final Enrollments enrollments;
    private final Preparation preparing;
    private final DriftPlanner drifts;

    NamePlanner(HostView view, Enrollments enrollments, Preparation preparing, DriftPlanner drifts) {
        this.view = view;
        this.enrollments = enrollments;
        this.preparing = preparing;
        this.drifts = drifts;
    }

    Outcome plan(LinkSubject subject, Optional<Port> port) {
        String name = subject.name().value();
        Optional<Link> holder = view.linkNamed(name);
        if (holder.isPresent() && holder.get().index() != subject.link().index()) {
            return refuseTaken(
                    subject,
                    "link " + holder.get().index()
                            + (holder.get().name().value().equals(name)
                                    ? ""
                                    : " (" + holder.get().name() + ")"));
        }
        Optional<Port> portHolder = view.portNamed(name);
        if (portHolder.isPresent() && !view.isOurs(subject.id(), subject.link().index(), portHolder.get())) {
            return refuseTaken(subject, "a port of bridge " + portHolder.get().bridge());
        }
        Optional<Outcome> preparation = preparing.once(subject);
        if (preparation.isPresent()) {
            return preparation.get();
        }
        if (!subject.container().arePortsHeard(subject.link().index())) {
            return new Act(new HearPorts(subject.id(), subject.link()));
        }
        if (port.isPresent() && !view.isOurs(subject.id(), subject.link().index(), port.get())) {
            // Marked first, so that a run that ends between rename and swap leaves a port that the next one knows.
            return new Act(new AdoptPort(subject.id(), subject.link(), port.get()));
        }
        Optional<Enrollment> enrollment =
                enrollments.of(subject.id(), subject.link().index());
        if (enrollment.isPresent() && enrollment.get().port().equals(name)) {
            Optional<Outcome> drift = drifts.of(
                    subject,
                    enrollment.get(),
                    DriftPlanner.RENAMED,
                    Map.of("name", name),
                    Map.of("name", subject.link().name().value()));
            if (drift.isPresent()) {
                return drift.get();
            }
        }
        return new Act(new NameLink(
                subject.id(),
                subject.link(),
                subject.name(),
                subject.namingMode().orElseThrow()));
    }

    static Refuse refuseTaken(LinkSubject subject, String holder) {
        return new Refuse(
                Refusal.NAME_TAKEN,
                "the name " + subject.name() + " for link " + subject.link().name() + " is held by " + holder,
                "rename or remove whatever holds it; the link is named as soon as the name is free");
    }
}
