// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.SerialDisposable;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntToLongFunction;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.EnrollmentRefused;
import org.opdbus.events.Event;
import org.opdbus.events.LinkEvent.LinkVanished;
import org.opdbus.events.LinkName;
import org.opdbus.events.PortEvent.PortRemoved;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.ContainerStatus;
import org.opdbus.verticles.reconcile.Outcome.Refuse;
import org.opdbus.verticles.reconcile.Outcome.Rest;
import org.opdbus.verticles.reconcile.Plan.LinkPlan;
import org.opdbus.verticles.reconcile.Plan.Step;
import org.opdbus.verticles.view.Enrollments;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.Stale;
import org.opdbus.verticles.view.Touched;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at containers and has done what is to be done, until there is nothing left to do.
 *
 * <p>Of each link of a container one action is under way at a time, and the next one follows only when that one shows; the
 * links of a container do not wait for one another. What concerns the container as a whole is done alone.
 *
 * <p>Confined to one context. The list of containers to look at holds each at most once, so it is as long as there are
 * containers; at most {@value #ACTIONS_MAX} actions are under way, and of one container {@value #CONTAINER_ACTIONS_MAX}.
 */
final class Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final int ACTIONS_MAX = 64;

    private static final int CONTAINER_ACTIONS_MAX = 16;
    private static final Plan NO_PLAN = Plan.alone(new Rest(ContainerPhase.WAITING, ""));

    /** The key of what is told of a container. */
    private static final String CONTAINER = "container";

    /** The key, with a link's index, of what is told of that link. */
    private static final String LINK = "link-";

    /** How long the facts that follow from an action may take before a look is taken without them. */
    private static final long SETTLE_MAX_MS = 2_000;

    private final Consumer<Event> facts;
    private final HostView view;
    private final Enrollments enrollments;
    private final Planning planner;
    private final Policy policy;
    private final Function<Action, Completable> steps;
    private final IntToLongFunction backoffMs;
    private final Scheduler context;
    private final Consumer<ContainerId> looked;
    private final ContainerPhases standings;
    private final Map<ContainerId, Work> works = new HashMap<>();
    private final Set<ContainerId> waiting = new LinkedHashSet<>();
    private final CompositeDisposable underWay = new CompositeDisposable();
    private final SerialDisposable lookingAtWaiting = new SerialDisposable();
    private final Map<StepException.Reason, Long> failures = new EnumMap<>(StepException.Reason.class);
    private int actions;

    Reconciler(
            Consumer<Event> facts,
            HostView view,
            Enrollments enrollments,
            Planning planner,
            Policy policy,
            Function<Action, Completable> steps,
            IntToLongFunction backoffMs,
            Scheduler context,
            Consumer<ContainerId> looked) {
        this.facts = facts;
        this.view = view;
        this.enrollments = enrollments;
        this.planner = planner;
        this.policy = policy;
        this.steps = steps;
        this.backoffMs = backoffMs;
        this.context = context;
        this.looked = looked;
        standings = new ContainerPhases(view);
    }

    /** Takes in a fact and looks at the containers that it concerns. */
    void hear(Event event) {
        Touched touched = view.apply(event);
        if (event instanceof SourceListed || event instanceof LinkVanished || event instanceof PortRemoved) {
            // What stood in the way may have gone with it, so nobody waits out a delay.
            touched.ids()
                    .forEach(id -> works.computeIfAbsent(id, key -> new Work()).forgive());
        }
        look(touched);
    }

    /** The enrolment's entry is on disk at this height. */
    void entryCommitted(ContainerId container, String enrollment, long height) {
        Stale stale = new Stale();
        enrollments.recordedAt(container, enrollment, height).ifPresent(stale::markLink);
        look(container, stale);
    }

    /** Looks at every container there is. */
    void lookAtAll() {
        Set<ContainerId> all = new LinkedHashSet<>(view.everyContainer());
        all.addAll(enrollments.containers());
        all.forEach(this::look);
    }

    /** Looks at these containers, as far as they are touched. */
    void look(Touched touched) {
        touched.forEach(this::look);
    }

    /** Looks at everything of this container. */
    void look(ContainerId id) {
        look(id, Stale.everything());
    }

    /** Looks at what of this container is stale, and begins what is to be done and can be done beside what is under way. */
    private void look(ContainerId id, Stale stale) {
        Work work = works.computeIfAbsent(id, key -> new Work());
        work.stale.add(stale);
        if (work.looking) {
            // What is begun can come back at once.
            work.lookAgain = true;
            return;
        }
        work.looking = true;
        try {
            do {
                work.lookAgain = false;
                lookOnce(id, work);
            } while (work.lookAgain);
        } finally {
            // Whatever goes wrong in one look, the next one is taken.
            work.looking = false;
        }
        looked.accept(id);
    }

    private void lookOnce(ContainerId id, Work work) {
        work.settled(view).forEach(subject -> finish(work, subject));
        Plan plan = planner.plan(id, policy.intentFor(id), work.plan.orElse(NO_PLAN), work.stale);
        if (!work.goesWith(plan)) {
            return;
        }
        work.stale = new Stale();
        note(id, work, plan);
        List<Step> steps = plan.steps();
        if (steps.isEmpty()) {
            work.forgive();
            if (!plan.isAboutLinks() && plan.standing() == ContainerPhase.STOPPED) {
                atRest(id, work);
            }
        }
        for (Step step : steps) {
            if (work.lookAgain || work.countUnderWay() >= CONTAINER_ACTIONS_MAX) {
                return;
            }
            if (!work.isBusyWith(step.subject()) && !work.isTooEarlyFor(step.action())) {
                if (actions >= ACTIONS_MAX) {
                    waiting.add(id);
                    return;
                }
                begin(id, work, step);
            }
        }
    }

    /** Whether nothing is under way, nor waits for its turn. */
    boolean isIdle() {
        return actions == 0 && waiting.isEmpty();
    }

    /** Whether something is being done to this link; what was planned for it last may be out of date until that is over. */
    boolean isUnderWay(ContainerId id, int link) {
        Work work = works.get(id);
        return work != null && work.isBusyWith(Plan.subjectOf(link));
    }

    /** How busy this is. */
    Load load() {
        return new Load(actions, waiting.size(), failures);
    }

    private void begin(ContainerId id, Work work, Step step) {
        actions++;
        work.begin(step);
        LOG.debug("container={} action={}", id, step.action());
        new Attempt(id, work, step).start();
    }

    /** One action under way. */
    private final class Attempt {
        private final ContainerId id;
        private final Work work;
        private final String subject;
        private final Action action;

        Attempt(ContainerId id, Work work, Step step) {
            this.id = id;
            this.work = work;
            subject = step.subject();
            action = step.action();
        }

        void start() {
            steps.apply(action).subscribe(this::succeeded, this::failed, underWay);
        }

        private void succeeded() {
            work.succeeded(subject, context.scheduleDirect(this::settledTooLate, SETTLE_MAX_MS, TimeUnit.MILLISECONDS));
            if (action.shows(view)) {
                look(id, new Stale());
            }
        }

        private void settledTooLate() {
            LOG.debug("container={} action={} does not show after {} ms", id, action, SETTLE_MAX_MS);
            finish(work, subject);
            look(id, new Stale());
        }

        private void failed(Throwable failure) {
            finish(work, subject);
            int failures = work.failuresOf(action) + 1;
            tell(failure, failures);
            work.failed(
                    action,
                    String.valueOf(failure.getMessage()),
                    context.scheduleDirect(this::retry, backoffMs.applyAsLong(failures), TimeUnit.MILLISECONDS));
            look(id, new Stale());
        }

        private void retry() {
            work.due(action);
            look(id, new Stale());
        }

        private void tell(Throwable failure, int failures) {
            if (!(failure instanceof StepException step)) {
                LOG.error("container={} action={} failed in a way that it should not", id, action, failure);
                return;
            }
            Reconciler.this.failures.merge(step.reason(), 1L, Long::sum);
            switch (step.reason()) {
                case STALE, UNAVAILABLE -> LOG.debug("container={} attempt={} {}", id, failures, step.getMessage());
                case LINK_REFUSED, PORT_REFUSED ->
                    refuse(
                            id,
                            work,
                            Work.keyOf(action),
                            Optional.empty(),
                            new Refuse(step.refusal(), step.getMessage(), step.remedy()));
            }
        }
    }

    private void finish(Work work, String subject) {
        if (work.end(subject)) {
            actions--;
            if (!waiting.isEmpty()) {
                lookingAtWaiting.replace(context.scheduleDirect(this::lookAtWaiting));
            }
        }
    }

    private void lookAtWaiting() {
        while (actions < ACTIONS_MAX && !waiting.isEmpty()) {
            ContainerId next = waiting.iterator().next();
            waiting.remove(next);
            look(next, new Stale());
        }
    }

    /** Remembers the plan, and tells what is newly refused, once. */
    private void note(ContainerId id, Work work, Plan plan) {
        Map<String, Integer> names = work.plan.orElse(NO_PLAN).names();
        if (!names.equals(plan.names())) {
            view.noInterest(id, names.keySet());
            view.interest(id, plan.names().keySet());
        }
        work.plan = Optional.of(plan);
        if (!plan.isAboutLinks()) {
            work.told.keySet().removeIf(key -> key.startsWith(LINK));
        }
        if (plan.whole() instanceof Refuse refuse) {
            refuse(id, work, CONTAINER, Optional.empty(), refuse);
        } else {
            work.told.remove(CONTAINER);
        }
        for (int index : plan.renewed()) {
            // What is said of a link that is being worked on may be different in a moment.
            if (!work.isBusyWith(Plan.subjectOf(index))) {
                noteLink(id, work, index, Optional.ofNullable(plan.links().get(index)));
            }
        }
    }

    private void noteLink(ContainerId id, Work work, int index, Optional<LinkPlan> link) {
        Optional<Outcome> outcome = link.map(LinkPlan::outcome);
        if (outcome.isPresent() && outcome.get() instanceof Refuse refuse) {
            refuse(id, work, LINK + index, link.map(plan -> plan.link().name()), refuse);
            return;
        }
        work.told.remove(LINK + index);
        if (outcome.isPresent() && outcome.get() instanceof Rest rest && rest.standing() == ContainerPhase.ENROLLED) {
            enrollments.calm(id, index);
        }
    }

    private void refuse(ContainerId id, Work work, String key, Optional<LinkName> link, Refuse refuse) {
        if (!refuse.message().equals(work.told.put(key, refuse.message()))) {
            facts.accept(new EnrollmentRefused(id, link, refuse.reason(), refuse.message(), refuse.remedy()));
        }
    }

    /** The container does not run and nothing of it is left to do. */
    private void atRest(ContainerId id, Work work) {
        work.told.clear();
        if (view.portsOf(id).isEmpty()) {
            enrollments.forget(id);
        }
        if (view.container(id).isEmpty()) {
            work.stop();
            works.remove(id);
        }
    }

    /** How every container stands that is known to LXC or has a port of ours, by id. */
    List<ContainerStatus> status() {
        return new TreeSet<>(view.everyContainer()).stream().map(this::status).toList();
    }

    ContainerStatus status(ContainerId id) {
        return standings.of(id, Optional.ofNullable(works.get(id)));
    }

    /** Ends everything that is under way; what was begun is finished by the next run. */
    void stop() {
        underWay.dispose();
        lookingAtWaiting.dispose();
        works.values().forEach(Work::stop);
    }
}
