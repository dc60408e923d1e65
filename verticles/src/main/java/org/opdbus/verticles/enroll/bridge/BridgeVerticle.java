// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.rxjava3.core.AbstractVerticle;
import io.vertx.rxjava3.core.Context;
import io.vertx.rxjava3.core.RxHelper;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.enroll.bridge.plan.QuietTimes;
import org.opdbus.verticles.view.HostView;

/** Receives the steps of this package from the bus and answers them. */
public final class BridgeVerticle extends AbstractVerticle {
    private final Bus bus;
    private final HostView view;
    private final BridgeEdges edges;
    private final QuietTimes quiet;
    private final CompositeDisposable handling = new CompositeDisposable();

    /**
     * Creates the verticle.
     *
     * @param quiet the quiet times that the rules of this package use; their clock starts when this verticle starts
     */
    public BridgeVerticle(Bus bus, HostView view, BridgeEdges edges, QuietTimes quiet) {
        this.quiet = quiet;
        this.bus = bus;
        this.view = view;
        this.edges = edges;
    }

    @Override
    public Completable rxStart() {
        Scheduler scheduler = RxHelper.scheduler(Context.newInstance(context));
        quiet.start(scheduler);
        handling.add(Disposable.fromAction(quiet::stop));
        handling.add(new BridgeHandler(bus::publish, view, edges, scheduler).handle(bus));
        return Completable.complete();
    }

    @Override
    public Completable rxStop() {
        handling.dispose();
        return Completable.complete();
    }
}
