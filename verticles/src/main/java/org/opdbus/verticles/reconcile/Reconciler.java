// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.SerialDisposable;
import java.util.ArrayList;
import java.util.Comparator;
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
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent.LinkVanished;
import org.opdbus.events.LinkName;
import org.opdbus.events.Port;
import org.opdbus.events.PortEvent.PortRemoved;
import org.opdbus.verticles.reconcile.ContainerStatus.LinkStatus;
import org.opdbus.verticles.reconcile.Outcome.Refuse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at containers, one action a container at a time, until there is nothing left to do.
 *
 * <p>Confined to one context. The list of containers to look at holds each at most once, so it is as long as there are
 * containers; at most {@value #ACTIONS_MAX} actions are under way.
 */
final class Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final int ACTIONS_MAX = 64;

    /** The key of what is told of a container; with a link's index, of what is told of that link. */
    private static final String CONTAINER = "container ";

    /** How long the facts that follow from an action may take before a look is taken without them. */
    private static final long SETTLE_MAX_MS = 2_000;

    private final Consumer<Event> facts;
    private final HostView view;
    private final Roster roster;
    private final Planning planner;
    private final Policy policy;
    private final Function<Action, Completable> steps;
    private final IntToLongFunction backoffMs;
    private final Scheduler context;
    private final Consumer<ContainerId> looked;
    private final Map<ContainerId, Work> works = new HashMap<>();
    private final Set<ContainerId> waiting = new LinkedHashSet<>();
    private final CompositeDisposable underWay = new CompositeDisposable();
    private final SerialDisposable lookingAtWaiting = new SerialDisposable();
    private final Map<StepException.Reason, Long> failures = new EnumMap<>(StepException.Reason.class);
    private int actions;

    Reconciler(
            Consumer<Event> facts,
            HostView view,
            Roster roster,
            Planning planner,
            Policy policy,
            Function<Action, Completable> steps,
            IntToLongFunction backoffMs,
            Scheduler context,
            Consumer<ContainerId> looked) {
        this.facts = facts;
        this.view = view;
        this.roster = roster;
        this.planner = planner;
        this.policy = policy;
        this.steps = steps;
        this.backoffMs = backoffMs;
        this.context = context;
        this.looked = looked;
    }

    /** Takes in a fact and looks at the containers that it concerns. */
    void hear(Event event) {
        Set<ContainerId> touched = view.apply(event);
        if (event instanceof SourceListed || event instanceof LinkVanished || event instanceof PortRemoved) {
            // What stood in the way may have gone with it, so nobody waits out a delay.
            touched.forEach(id -> works.computeIfAbsent(id, key -> new Work()).forgive());
        }
        touched.forEach(this::look);
    }

    /** The enrolment's entry is on disk at this height. */
    void entryCommitted(ContainerId container, String enrollment, long height) {
        roster.recordedAt(container, enrollment, height);
        look(container);
    }

    /** Looks at every container there is. */
    void lookAtAll() {
        Set<ContainerId> all = new LinkedHashSet<>(view.everyContainer());
        all.addAll(roster.containers());
        all.forEach(this::look);
    }

    /** Looks at this container: at once if nothing is under way for it, otherwise as soon as that is over. */
    void look(ContainerId id) {
        Work work = works.computeIfAbsent(id, key -> new Work());
        if (work.isBusy()) {
            if (!work.isSettled(view)) {
                return;
            }
            finish(work);
        }
        Plan plan = planner.plan(id, policy.intentFor(id));
        note(id, work, plan);
        List<Action> actions = plan.actions();
        if (actions.isEmpty()) {
            work.forgive();
            if (plan.standing() == Standing.STOPPED) {
                atRest(id, work);
            }
        } else {
            actions.stream()
                    .filter(action -> !work.isTooEarlyFor(action))
                    .findFirst()
                    .ifPresent(action -> begin(id, work, action));
        }
        looked.accept(id);
    }

    /** Whether nothing is under way, nor waits for its turn. */
    boolean isIdle() {
        return actions == 0 && waiting.isEmpty();
    }

    /** How busy this is. */
    Load load() {
        return new Load(actions, waiting.size(), failures);
    }

    private void begin(ContainerId id, Work work, Action action) {
        if (actions >= ACTIONS_MAX) {
            waiting.add(id);
            return;
        }
        actions++;
        work.begin(action);
        LOG.debug("container={} action={}", id, action);
        new Attempt(id, work, action).start();
    }

    /** One action under way. */
    private final class Attempt {
        private final ContainerId id;
        private final Work work;
        private final Action action;

        Attempt(ContainerId id, Work work, Action action) {
            this.id = id;
            this.work = work;
            this.action = action;
        }

        void start() {
            steps.apply(action).subscribe(this::succeeded, this::failed, underWay);
        }

        private void succeeded() {
            work.succeeded(context.scheduleDirect(this::settledTooLate, SETTLE_MAX_MS, TimeUnit.MILLISECONDS));
            if (work.isSettled(view)) {
                look(id);
            }
        }

        private void settledTooLate() {
            LOG.debug("container={} action={} does not show after {} ms", id, action, SETTLE_MAX_MS);
            finish(work);
            look(id);
        }

        private void failed(Throwable failure) {
            finish(work);
            int failures = work.failuresOf(action) + 1;
            tell(failure, failures);
            work.failed(
                    action,
                    String.valueOf(failure.getMessage()),
                    context.scheduleDirect(this::retry, backoffMs.applyAsLong(failures), TimeUnit.MILLISECONDS));
            // Another link of the container need not wait for this one.
            look(id);
        }

        private void retry() {
            work.due(action);
            look(id);
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

    private void finish(Work work) {
        if (work.isBusy()) {
            actions--;
            work.end();
            if (!waiting.isEmpty()) {
                lookingAtWaiting.replace(context.scheduleDirect(this::lookAtWaiting));
            }
        }
    }

    private void lookAtWaiting() {
        while (actions < ACTIONS_MAX && !waiting.isEmpty()) {
            ContainerId next = waiting.iterator().next();
            waiting.remove(next);
            look(next);
        }
    }

    /** Remembers the plan, and tells what is refused, once. */
    private void note(ContainerId id, Work work, Plan plan) {
        if (!work.names.equals(plan.names())) {
            view.noInterest(id, work.names);
            view.interest(id, plan.names());
            work.names = plan.names();
        }
        work.plan = Optional.of(plan);
        Set<String> refused = new TreeSet<>();
        if (plan.alone() instanceof Refuse refuse) {
            refused.add(CONTAINER);
            refuse(id, work, CONTAINER, Optional.empty(), refuse);
        }
        plan.links().forEach((link, outcome) -> {
            if (outcome instanceof Refuse refuse) {
                String key = CONTAINER + link.index();
                refused.add(key);
                refuse(id, work, key, Optional.of(link.name()), refuse);
            } else if (outcome instanceof Outcome.Rest rest && rest.standing() == Standing.ENROLLED) {
                roster.calm(id, link.index());
            }
        });
        work.told.keySet().removeIf(key -> key.startsWith(CONTAINER) && !refused.contains(key));
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
            roster.forget(id);
        }
        if (view.container(id).isEmpty()) {
            view.noInterest(id, work.names);
            work.stop();
            works.remove(id);
        }
    }

    /** How every container stands that is known to LXC or has a port of ours, by id. */
    List<ContainerStatus> status() {
        return new TreeSet<>(view.everyContainer()).stream().map(this::status).toList();
    }

    ContainerStatus status(ContainerId id) {
        Optional<Work> work = Optional.ofNullable(works.get(id));
        Optional<Plan> plan = work.flatMap(found -> found.plan);
        Optional<ContainerView> container = view.container(id);
        Standing standing = plan.map(Plan::standing).orElse(Standing.WAITING);
        Optional<String> trouble = work.flatMap(Work::trouble).filter(words -> standing == Standing.WORKING);
        boolean refused = work.filter(Work::isRefused).isPresent();
        return new ContainerStatus(
                id,
                container.filter(ContainerView::isRunning).isPresent(),
                trouble.map(words -> refused ? Standing.REFUSED : Standing.WAITING)
                        .orElse(standing),
                trouble.or(() -> plan.map(Plan::why)).orElse(""),
                container.map(this::linkStatus).orElse(List.of()));
    }

    private List<LinkStatus> linkStatus(ContainerView container) {
        List<LinkStatus> links = new ArrayList<>();
        for (Link link : view.linksInto(container.namespace())) {
            Optional<Port> port = view.portNamed(link.name().value());
            links.add(new LinkStatus(
                    link.index(),
                    link.name().value(),
                    link.altNames(),
                    port.map(Port::bridge),
                    port.flatMap(Port::tag),
                    port.filter(Port::isLive).map(Port::ofport).orElse(0)));
        }
        links.sort(Comparator.comparing(LinkStatus::name));
        return links;
    }

    /** Ends everything that is under way; what was begun is finished by the next run. */
    void stop() {
        underWay.dispose();
        lookingAtWaiting.dispose();
        works.values().forEach(Work::stop);
    }
}
