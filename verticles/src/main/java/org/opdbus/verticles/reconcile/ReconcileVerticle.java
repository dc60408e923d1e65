// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.processors.PublishProcessor;
import io.vertx.rxjava3.core.AbstractVerticle;
import io.vertx.rxjava3.core.Context;
import io.vertx.rxjava3.core.RxHelper;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.Address;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Event;
import org.opdbus.events.ProxmoxEvent;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.inventory.ContainerNews;
import org.opdbus.verticles.inventory.ContainerStatus;
import org.opdbus.verticles.limits.Backoff;
import org.opdbus.verticles.plan.Policy;
import org.opdbus.verticles.plan.Rules;
import org.opdbus.verticles.view.HostView;

/** Joins the bus and the router. Everything runs on this verticle's context. */
public final class ReconcileVerticle extends AbstractVerticle {
    private static final Backoff RETRY = new Backoff(50, 30_000);

    private final Bus bus;
    private final ReconcileOptions options;
    private final Policy policy;
    private final HostView view;
    private final Contributions contributions;
    private final PublishProcessor<Boolean> sources = PublishProcessor.create();
    private final PublishProcessor<ContainerId> looks = PublishProcessor.create();
    private final PublishProcessor<List<ContainerNews>> news = PublishProcessor.create();
    private final CompositeDisposable subscriptions = new CompositeDisposable();
    private @Nullable Reconciler reconciler;
    private @Nullable StatusReports reports;
    private @Nullable Scheduler scheduler;

    /**
     * The contributions of other packages to the router's decisions.
     *
     * @param rules their planning rules
     * @param earlyListener receives each fact before the view does
     */
    public record Contributions(Rules rules, Consumer<Event> earlyListener) {}

    /** Creates a router that decides by this view and is its only writer. */
    public ReconcileVerticle(
            Bus bus, ReconcileOptions options, Policy policy, HostView view, Contributions contributions) {
        this.bus = bus;
        this.options = options;
        this.policy = policy;
        this.view = view;
        this.contributions = contributions;
    }

    @Override
    public Completable rxStart() {
        Scheduler scheduler = RxHelper.scheduler(Context.newInstance(context));
        Planning planner = new Planner(view, contributions.rules());
        Reconciler reconciler = new Reconciler(
                view,
                planner,
                policy,
                new Reconciler.Outside(bus::publish, bus::send, this::looked, RETRY::delayMs, scheduler));
        reports = new StatusReports(reconciler::news, news::onNext, scheduler);
        this.scheduler = scheduler;
        this.reconciler = reconciler;
        subscriptions.add(bus.subscribeAll(this::hear));
        Address.ANSWERS.forEach(address -> subscriptions.add(bus.subscribe(address, this::hear)));
        subscriptions.add(scheduler.schedulePeriodicallyDirect(
                reconciler::lookAtAll, options.passIntervalMs(), options.passIntervalMs(), TimeUnit.MILLISECONDS));
        return Completable.complete();
    }

    private void looked(ContainerId id) {
        started(reports).looked(id);
        looks.onNext(id);
    }

    private void hear(Event event) {
        contributions.earlyListener().accept(event);
        started().hear(event);
        if (event instanceof SourceListed || event instanceof SourceLost || event instanceof ProxmoxEvent) {
            sources.onNext(true);
        }
    }

    /** Returns the status of every container. May be called from any thread. */
    public Single<List<ContainerStatus>> status() {
        return onContext(() -> started().status());
    }

    /** Returns how busy the reconciler is. May be called from any thread. */
    public Single<Load> load() {
        return onContext(() -> started().load());
    }

    /** Checks a container again because its desired state has changed. May be called from any thread. */
    public Completable look(ContainerId container) {
        return onContext(() -> {
                    started().look(container);
                    return container;
                })
                .ignoreElement();
    }

    /**
     * Emits the present status of a container, and its status after every later check. It leaves out states that follow one
     * another too quickly for the listener. May be called from any thread; does not end by itself.
     */
    public Flowable<ContainerStatus> watch(ContainerId container) {
        return onContext(this::started)
                .flatMapPublisher(reconciler -> looks.filter(container::equals)
                        .startWithItem(container)
                        .map(reconciler::status)
                        .onBackpressureLatest());
    }

    /**
     * Emits each container that the router has checked: its status may have changed, with or without a published fact. Any
     * thread may subscribe. This emits on the reconciler's thread, which the subscriber must not block.
     */
    public Flowable<ContainerId> looks() {
        return looks;
    }

    /**
     * Emits the status of the containers that the router has checked, one list for each turn of the reconciler's context. Any
     * thread may subscribe. This emits on the reconciler's thread, which the subscriber must not block.
     */
    public Flowable<List<ContainerNews>> news() {
        return news;
    }

    /** Completes when {@link #news} has emitted everything that the reconciler has seen until now. */
    public Completable told() {
        return onContext(() -> {
                    started().checkAll();
                    started(reports).tell();
                    return true;
                })
                .ignoreElement();
    }

    /** Completes as soon as every source has listed or is out of reach, and no step is in progress. */
    public Completable idle() {
        return idle(Set.of());
    }

    /** Completes as {@link #idle()} does, and not before these sources, too, have listed or are out of reach. */
    public Completable idle(Set<Source> present) {
        return onContext(this::started)
                .flatMapPublisher(reconciler -> sources.mergeWith(looks.map(look -> true))
                        .startWithItem(true)
                        .filter(change -> view.isHeard() && view.isHeard(present) && reconciler.isIdle())
                        .onBackpressureLatest())
                .firstOrError()
                .ignoreElement();
    }

    /** Returns the names of Open vSwitch's bridges; empty as long as the agent cannot reach the database. */
    public Single<Optional<Set<String>>> bridges() {
        return onContext(() -> view.isListed(Source.OVSDB) ? Optional.of(view.bridgeNames()) : Optional.empty());
    }

    private <T> Single<T> onContext(Callable<T> work) {
        Scheduler scheduler = this.scheduler;
        return scheduler == null
                ? Single.error(new IllegalStateException("the reconciler has not been started"))
                : Single.fromCallable(work).subscribeOn(scheduler);
    }

    private Reconciler started() {
        return started(reconciler);
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the reconciler has not been started");
        }
        return part;
    }

    @Override
    public Completable rxStop() {
        subscriptions.dispose();
        started().stop();
        return Completable.complete();
    }
}
