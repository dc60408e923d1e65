// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.opdbus.events.AnswerEvent.EnrollmentSettled;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.EnrollmentRefused;
import org.opdbus.events.Event;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.bus.StepException;
import org.opdbus.verticles.bus.StepException.Reason;
import org.opdbus.verticles.bus.UnansweredStepException;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.plan.Outcome.Act;
import org.opdbus.verticles.plan.Outcome.Refuse;
import org.opdbus.verticles.plan.Outcome.Rest;
import org.opdbus.verticles.plan.PlannedStep;
import org.opdbus.verticles.plan.Subject;
import org.opdbus.verticles.reconcile.Plan.LinkPlan;
import org.opdbus.verticles.view.HostView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes what plans refuse and which steps were refused, each once, and which enrolments are complete. */
final class Announcements {
    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);

    private final Consumer<Event> facts;
    private final HostView view;
    private final Map<Reason, Long> failures = new EnumMap<>(Reason.class);

    Announcements(Consumer<Event> facts, HostView view) {
        this.facts = facts;
        this.view = view;
    }

    /** Publishes what a plan newly refuses, and what is complete. */
    void tell(ContainerId id, Work work, Plan plan) {
        if (!plan.isAboutLinks()) {
            work.told
                    .keySet()
                    .removeIf(topic -> topic.subject().isLink() && topic.step().isEmpty());
        }
        Topic whole = Topic.of(Subject.CONTAINER);
        if (plan.whole() instanceof Refuse refuse) {
            refuse(id, work, whole, Optional.empty(), refuse);
        } else if (!(plan.whole() instanceof Act)) {
            // A question to the kernel does not take back what was refused.
            work.told.remove(whole);
        }
        for (int index : plan.renewed()) {
            // The status of a link that is being worked on may change in a moment.
            if (!work.isBusyWith(Subject.link(index))) {
                tellOfLink(id, work, index, Optional.ofNullable(plan.links().get(index)));
            }
        }
    }

    private void tellOfLink(ContainerId id, Work work, int index, Optional<LinkPlan> link) {
        Topic topic = Topic.of(Subject.link(index));
        if (link.isPresent() && link.get().outcome() instanceof Refuse refuse) {
            refuse(id, work, topic, Optional.of(link.get().link().name()), refuse);
            return;
        }
        work.told.remove(topic);
        if (link.isPresent()
                && link.get().outcome() instanceof Rest rest
                && rest.standing() == ContainerPhase.ENROLLED) {
            view.enrollments()
                    .of(id, index)
                    .filter(enrollment -> !view.enrollments().isSettled(enrollment))
                    .ifPresent(enrollment -> facts.accept(new EnrollmentSettled(id, enrollment.id())));
        }
    }

    /** Publishes why a step was not carried out, if the user needs to know. */
    void tell(ContainerId id, Work work, PlannedStep step, Throwable failure) {
        int attempt = work.failuresOf(step) + 1;
        if (failure instanceof UnansweredStepException) {
            failures.merge(Reason.UNAVAILABLE, 1L, Long::sum);
            LOG.warn("container={} attempt={} {}", id, attempt, failure.getMessage());
            return;
        }
        if (!(failure instanceof StepException refused)) {
            LOG.error("container={} step={} failed in a way that it should not", id, step, failure);
            return;
        }
        failures.merge(refused.reason(), 1L, Long::sum);
        switch (refused.reason()) {
            case STALE, UNAVAILABLE -> LOG.debug("container={} attempt={} {}", id, attempt, refused.getMessage());
            case LINK_REFUSED, NAME_REFUSED, PORT_REFUSED ->
                refuse(
                        id,
                        work,
                        Topic.of(step),
                        Optional.empty(),
                        new Refuse(refused.refusal(), refused.getMessage(), refused.remedy()));
        }
    }

    private void refuse(ContainerId id, Work work, Topic topic, Optional<LinkName> link, Refuse refuse) {
        if (!refuse.message().equals(work.told.put(topic, refuse.message()))) {
            facts.accept(new EnrollmentRefused(id, link, refuse.reason(), refuse.message(), refuse.remedy()));
        }
    }

    /** Returns how many steps have failed since the start, by reason. */
    Map<Reason, Long> failures() {
        return failures;
    }
}
