// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.processors.PublishProcessor;
import io.vertx.rxjava3.core.AbstractVerticle;
import io.vertx.rxjava3.core.Context;
import io.vertx.rxjava3.core.RxHelper;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.events.ProxmoxEvent;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.inventory.ContainerStatus;
import org.opdbus.verticles.limits.Backoff;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.Enrollments;
import org.opdbus.verticles.view.HostView;

/** Joins the bus, the reconciler and its edges. Everything runs on this verticle's context. */
public final class ReconcileVerticle extends AbstractVerticle {
    private static final Backoff RETRY = new Backoff(50, 30_000);

    private final Bus bus;
    private final ReconcileOptions options;
    private final Policy policy;
    private final Edges edges;
    private final Enrollments enrollments;
    private final HostView view;
    private final PublishProcessor<Boolean> sources = PublishProcessor.create();
    private final PublishProcessor<ContainerId> looks = PublishProcessor.create();
    private final CompositeDisposable subscriptions = new CompositeDisposable();
    private @Nullable Reconciler reconciler;
    private @Nullable Scheduler scheduler;

    /** A reconciler that knows the enrolments which the ledger says are open. */
    public ReconcileVerticle(
            Bus bus, ReconcileOptions options, Policy policy, Edges edges, Collection<Enrollment> open) {
        this.bus = bus;
        this.options = options;
        this.policy = policy;
        this.edges = edges;
        enrollments = new Enrollments(open);
        view = new HostView(options.owner(), edges.configurations().isPresent());
    }

    @Override
    public Completable rxStart() {
        Scheduler scheduler = RxHelper.scheduler(Context.newInstance(context));
        QuietTimes quiet = new QuietTimes(scheduler, name -> started().look(view.touchName(name)));
        Planning planner = options.observeOnly()
                ? new ObservingPlanner(view)
                : new Planner(view, enrollments, quiet, options.naming(), options.repairDrift());
        Steps steps = new Steps(
                bus::publish,
                view,
                enrollments,
                edges,
                scheduler,
                touched -> started().look(touched));
        ManagedSteps managed = new ManagedSteps(bus::publish, view, enrollments, edges, scheduler, steps::carryOut);
        Reconciler reconciler = new Reconciler(
                bus::publish,
                view,
                enrollments,
                planner,
                policy,
                managed::carryOut,
                RETRY::delayMs,
                scheduler,
                looks::onNext);
        OtherHands others = new OtherHands(view, enrollments, quiet);
        subscriptions.add(Disposable.fromAction(quiet::stop));
        subscriptions.add(bus.subscribeAll(event -> hear(event, others)));
        subscriptions.add(scheduler.schedulePeriodicallyDirect(
                reconciler::lookAtAll, options.passIntervalMs(), options.passIntervalMs(), TimeUnit.MILLISECONDS));
        this.scheduler = scheduler;
        this.reconciler = reconciler;
        return Completable.complete();
    }

    private void hear(Event event, OtherHands others) {
        Reconciler reconciler = started();
        if (event instanceof EntryCommitted committed) {
            if (committed.fact() instanceof ContainerEnrolled enrolled) {
                reconciler.entryCommitted(enrolled.container(), enrolled.enrollment(), committed.height());
            }
            return;
        }
        others.hear(event);
        reconciler.hear(event);
        if (event instanceof SourceListed || event instanceof SourceLost || event instanceof ProxmoxEvent) {
            sources.onNext(true);
        }
    }

    /** How every container stands. May be called from any thread. */
    public Single<List<ContainerStatus>> status() {
        return onContext(() -> started().status());
    }

    /** How busy the reconciler is. May be called from any thread. */
    public Single<Load> load() {
        return onContext(() -> started().load());
    }

    /** Looks at a container again because what is wanted for it has changed. May be called from any thread. */
    public Completable look(ContainerId container) {
        return onContext(() -> {
                    started().look(container);
                    return container;
                })
                .ignoreElement();
    }

    /**
     * How a container stands now, and after every look at it from now on; states that follow one another too quickly for
     * the listener are left out. May be called from any thread; does not end by itself.
     */
    public Flowable<ContainerStatus> watch(ContainerId container) {
        return onContext(this::started)
                .flatMapPublisher(reconciler -> looks.filter(container::equals)
                        .startWithItem(container)
                        .map(reconciler::status)
                        .onBackpressureLatest());
    }

    /**
     * Which container was looked at, as it happens: how it stands may have changed then, whether or not there is a fact to
     * tell. May be subscribed to from any thread; is told on the reconciler's own, which is not to be held up.
     */
    public Flowable<ContainerId> looks() {
        return looks;
    }

    /** Completes as soon as every source has been heard, or is out of reach, and nothing is under way. */
    public Completable idle() {
        return onContext(this::started)
                .flatMapPublisher(reconciler -> sources.mergeWith(looks.map(look -> true))
                        .startWithItem(true)
                        .filter(change -> view.isHeard() && reconciler.isIdle())
                        .onBackpressureLatest())
                .firstOrError()
                .ignoreElement();
    }

    /** The bridges of Open vSwitch by name; empty as long as its database cannot be reached. */
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
        Reconciler reconciler = this.reconciler;
        if (reconciler == null) {
            throw new IllegalStateException("the reconciler has not been started");
        }
        return reconciler;
    }

    @Override
    public Completable rxStop() {
        subscriptions.dispose();
        started().stop();
        return Completable.complete();
    }
}
