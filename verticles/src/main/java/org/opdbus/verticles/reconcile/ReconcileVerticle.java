// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.vertx.rxjava3.core.AbstractVerticle;
import io.vertx.rxjava3.core.Context;
import io.vertx.rxjava3.core.RxHelper;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.verticles.bus.Bus;

/** Joins the bus, the reconciler and its edges. Everything runs on this verticle's context. */
public final class ReconcileVerticle extends AbstractVerticle {
    private final Bus bus;
    private final ReconcileOptions options;
    private final Policy policy;
    private final Edges edges;
    private final Roster roster;
    private final HostView view;
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
        roster = new Roster(open);
        view = new HostView(options.owner());
    }

    @Override
    public Completable rxStart() {
        Scheduler scheduler = RxHelper.scheduler(Context.newInstance(context));
        Planner planner = new Planner(view, roster, options.naming(), options.repairDrift());
        Steps steps = new Steps(
                bus::publish, view, roster, edges, scheduler, id -> started().look(id));
        Reconciler reconciler = new Reconciler(
                bus::publish, view, roster, planner, policy, steps::carryOut, Backoff::delayMs, scheduler);
        subscriptions.add(bus.subscribeAll(this::hear));
        subscriptions.add(scheduler.schedulePeriodicallyDirect(
                reconciler::lookAtAll, options.passIntervalMs(), options.passIntervalMs(), TimeUnit.MILLISECONDS));
        this.scheduler = scheduler;
        this.reconciler = reconciler;
        return Completable.complete();
    }

    private void hear(Event event) {
        Reconciler reconciler = started();
        if (event instanceof EntryCommitted committed) {
            if (committed.fact() instanceof ContainerEnrolled enrolled) {
                reconciler.entryCommitted(enrolled.container(), enrolled.enrollment(), committed.height());
            }
            return;
        }
        reconciler.hear(event);
    }

    /** How every container stands. May be called from any thread. */
    public Single<List<ContainerStatus>> status() {
        return onContext(() -> started().status());
    }

    /** Looks at a container again because what is wanted for it has changed. May be called from any thread. */
    public Completable look(ContainerId container) {
        return onContext(() -> {
                    started().look(container);
                    return container;
                })
                .ignoreElement();
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
