// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.disposables.SerialDisposable;
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
import org.opdbus.events.Event;
import org.opdbus.events.LinkEvent.LinkVanished;
import org.opdbus.events.PortEvent.PortRemoved;
import org.opdbus.verticles.inventory.ContainerNews;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.ContainerStatus;
import org.opdbus.verticles.plan.Outcome.Rest;
import org.opdbus.verticles.plan.PlannedStep;
import org.opdbus.verticles.plan.Policy;
import org.opdbus.verticles.plan.Subject;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.Stale;
import org.opdbus.verticles.view.Touched;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The router: checks containers and sends the next steps to their handlers, until there is nothing left to do.
 *
 * <p>Each link runs one step at a time; the next starts once its effect is observed. The links of a container do not wait for
 * one another. A step for the container as a whole runs alone.
 *
 * <p>Confined to one context. The list of containers to check holds each container at most once, so the number of containers
 * limits it. The router runs at most {@value #STEPS_MAX} steps at a time, and {@value #CONTAINER_STEPS_MAX} for one container.
 */
final class Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final int STEPS_MAX = 64;

    /** The containers of a fact that concerns more than this have no precedence over others that wait for a check. */
    private static final int FIRST_CONTAINERS_MAX = 16;

    /** How many links the router checks in one turn of the context. */
    private static final int TURN_LINKS_MAX = 64;

    private static final int CONTAINER_STEPS_MAX = 16;
    private static final Plan NO_PLAN = Plan.alone(new Rest(ContainerPhase.WAITING, ""));

    /** How long the router waits for the facts that follow from a step before it checks the container without them. */
    private static final long SETTLE_MAX_MS = 2_000;

    private final HostView view;
    private final Planning planner;
    private final Policy policy;
    private final Outside outside;
    private final Announcements announcements;
    private final ContainerPhases standings;
    private final Interests interests = new Interests();
    private final Map<ContainerId, Work> works = new HashMap<>();
    private final Set<ContainerId> waiting = new LinkedHashSet<>();
    private final Set<ContainerId> uncheckedFirst = new LinkedHashSet<>();
    private final Set<ContainerId> unchecked = new LinkedHashSet<>();
    private final CompositeDisposable underWay = new CompositeDisposable();
    private final SerialDisposable lookingAtWaiting = new SerialDisposable();
    private final SerialDisposable checking = new SerialDisposable();
    private int stepsUnderWay;

    /**
     * The ports of the router to the rest of the agent.
     *
     * @param facts publishes a fact
     * @param steps sends a step to its handler
     * @param looked receives each container that the router has checked
     * @param backoffMs returns the delay after this number of consecutive failures of a step
     * @param context the context on which the router runs
     */
    record Outside(
            Consumer<Event> facts,
            Function<PlannedStep, Completable> steps,
            Consumer<ContainerId> looked,
            IntToLongFunction backoffMs,
            Scheduler context) {}

    Reconciler(HostView view, Planning planner, Policy policy, Outside outside) {
        this.view = view;
        this.planner = planner;
        this.policy = policy;
        this.outside = outside;
        announcements = new Announcements(outside.facts(), view);
        standings = new ContainerPhases(view);
    }

    /** Folds a fact into the view and notes the containers that it concerns for a check. */
    void hear(Event event) {
        Touched touched = view.apply(event);
        interests.addTo(touched);
        if (event instanceof SourceListed || event instanceof LinkVanished || event instanceof PortRemoved) {
            // The fact may have removed an obstacle, so no container waits for the end of a delay.
            touched.ids()
                    .forEach(id -> works.computeIfAbsent(id, key -> new Work()).forgive());
        }
        Set<ContainerId> place = touched.ids().size() <= FIRST_CONTAINERS_MAX ? uncheckedFirst : unchecked;
        touched.forEach((id, stale) -> note(id, stale, place));
    }

    /** Checks every container. */
    void lookAtAll() {
        view.everyContainer().forEach(id -> note(id, Stale.everything(), unchecked));
        view.enrollments().containers().forEach(id -> note(id, Stale.everything(), unchecked));
    }

    /**
     * Notes the stale parts of a container. The router checks it after the facts and answers that already wait for its context,
     * so those that come together cost one check.
     */
    private void note(ContainerId id, Stale stale, Set<ContainerId> place) {
        works.computeIfAbsent(id, key -> new Work()).stale.add(stale);
        if (isChecked()) {
            checking.replace(outside.context().scheduleDirect(this::checkSome));
        }
        place.add(id);
    }

    private boolean isChecked() {
        return uncheckedFirst.isEmpty() && unchecked.isEmpty();
    }

    /**
     * Checks noted containers with {@value #TURN_LINKS_MAX} links or a few more. The others have later turns, so that facts and
     * steps do not wait until the router has checked all of them.
     */
    private void checkSome() {
        int links = 0;
        while (links < TURN_LINKS_MAX && !isChecked()) {
            links += 1 + checkNext();
        }
        if (!isChecked()) {
            checking.replace(outside.context().scheduleDirect(this::checkSome));
        }
    }

    /** Checks every noted container now. */
    void checkAll() {
        while (!isChecked()) {
            checkNext();
        }
    }

    /** Checks the container that was noted first; returns how many links it has. */
    private int checkNext() {
        ContainerId next = (uncheckedFirst.isEmpty() ? unchecked : uncheckedFirst)
                .iterator()
                .next();
        look(next, new Stale());
        Work work = works.get(next);
        return work == null ? 0 : work.plan.map(plan -> plan.links().size()).orElse(0);
    }

    /** Checks all parts of this container. */
    void look(ContainerId id) {
        look(id, Stale.everything());
    }

    /** Plans the stale parts of this container, and begins the steps that can run beside the steps in progress. */
    private void look(ContainerId id, Stale stale) {
        Work work = works.computeIfAbsent(id, key -> new Work());
        uncheckedFirst.remove(id);
        unchecked.remove(id);
        work.stale.add(stale);
        if (work.looking) {
            // A step can be answered before this method returns.
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
            // A check that fails must not prevent the next one.
            work.looking = false;
        }
        outside.looked().accept(id);
    }

    private void lookOnce(ContainerId id, Work work) {
        work.settled(view).forEach(subject -> finish(work, subject));
        Plan before = work.plan.orElse(NO_PLAN);
        Plan plan = planner.plan(id, policy.intentFor(id), before, work.stale);
        if (!work.goesWith(plan)) {
            return;
        }
        work.stale = new Stale();
        work.plan = Optional.of(plan);
        interests.replace(id, before.names().keySet(), plan.names().keySet());
        announcements.tell(id, work, plan);
        List<PlannedStep> steps = plan.steps();
        if (steps.isEmpty()) {
            work.forgive();
            if (!plan.isAboutLinks() && plan.standing() == ContainerPhase.STOPPED) {
                atRest(id, work);
            }
        }
        beginWhatCanBe(id, work, steps);
    }

    private void beginWhatCanBe(ContainerId id, Work work, List<PlannedStep> steps) {
        for (PlannedStep step : steps) {
            if (work.lookAgain || work.countUnderWay() >= CONTAINER_STEPS_MAX) {
                return;
            }
            if (!work.isBusyWith(step.subject()) && !work.isTooEarlyFor(step)) {
                if (stepsUnderWay >= STEPS_MAX) {
                    waiting.add(id);
                    return;
                }
                begin(id, work, step);
            }
        }
    }

    private void begin(ContainerId id, Work work, PlannedStep step) {
        stepsUnderWay++;
        work.begin(step);
        LOG.debug("container={} step={}", id, step);
        outside.steps()
                .apply(step)
                .subscribe(() -> succeeded(id, work, step), failure -> failed(id, work, step, failure), underWay);
    }

    private void succeeded(ContainerId id, Work work, PlannedStep step) {
        work.succeeded(step, after(SETTLE_MAX_MS, () -> settledTooLate(id, work, step)));
        if (step.shows(view)) {
            note(id, new Stale(), uncheckedFirst);
        }
    }

    private void settledTooLate(ContainerId id, Work work, PlannedStep step) {
        LOG.debug("container={} step={} does not show after {} ms", id, step, SETTLE_MAX_MS);
        finish(work, step.subject());
        look(id, new Stale());
    }

    private void failed(ContainerId id, Work work, PlannedStep step, Throwable failure) {
        finish(work, step.subject());
        announcements.tell(id, work, step, failure);
        long delayMs = outside.backoffMs().applyAsLong(work.failuresOf(step) + 1);
        work.failed(step, Trouble.of(failure), after(delayMs, () -> {
            work.due(step);
            look(id, new Stale());
        }));
        look(id, new Stale());
    }

    private Disposable after(long timeMs, Runnable work) {
        return outside.context().scheduleDirect(work, timeMs, TimeUnit.MILLISECONDS);
    }

    private void finish(Work work, Subject subject) {
        if (work.end(subject)) {
            stepsUnderWay--;
            if (!waiting.isEmpty()) {
                lookingAtWaiting.replace(outside.context().scheduleDirect(this::lookAtWaiting));
            }
        }
    }

    private void lookAtWaiting() {
        while (stepsUnderWay < STEPS_MAX && !waiting.isEmpty()) {
            ContainerId next = waiting.iterator().next();
            waiting.remove(next);
            look(next, new Stale());
        }
    }

    /** Forgets a container that does not run and has no work left. */
    private void atRest(ContainerId id, Work work) {
        work.told.clear();
        if (view.container(id).isEmpty()) {
            work.stop();
            works.remove(id);
        }
    }

    /** Returns whether no step is in progress, and no container waits for its turn to be checked or for a step. */
    boolean isIdle() {
        return stepsUnderWay == 0 && waiting.isEmpty() && isChecked();
    }

    /** Returns whether a step for this link is in progress; until it ends, the link's last plan may be out of date. */
    boolean isUnderWay(ContainerId id, int link) {
        Work work = works.get(id);
        return work != null && work.isBusyWith(Subject.link(link));
    }

    /** Returns how busy the router is. */
    Load load() {
        return new Load(stepsUnderWay, waiting.size(), announcements.failures());
    }

    /** Returns the status of every container that LXC knows or that has a port of ours, sorted by id. */
    List<ContainerStatus> status() {
        return new TreeSet<>(view.everyContainer()).stream().map(this::status).toList();
    }

    /** Returns the status of this container, or the news that it is gone. */
    ContainerNews news(ContainerId id) {
        return new ContainerNews(id, view.isThere(id) ? Optional.of(status(id)) : Optional.empty());
    }

    ContainerStatus status(ContainerId id) {
        if (unchecked.contains(id) || uncheckedFirst.contains(id)) {
            look(id, new Stale());
        }
        return standings.of(id, Optional.ofNullable(works.get(id)));
    }

    /** Ends all steps in progress. The next run of the agent finishes them. */
    void stop() {
        underWay.dispose();
        lookingAtWaiting.dispose();
        checking.dispose();
        works.values().forEach(Work::stop);
    }
}
