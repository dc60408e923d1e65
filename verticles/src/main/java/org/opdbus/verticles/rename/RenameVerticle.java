// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.rename;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.vertx.rxjava3.core.AbstractVerticle;
import io.vertx.rxjava3.core.Context;
import io.vertx.rxjava3.core.RxHelper;
import org.opdbus.verticles.bus.Bus;

/** Takes the steps of this room from the bus and answers them. */
public final class RenameVerticle extends AbstractVerticle {
    private final Bus bus;
    private final RenameEdges edges;
    private final CompositeDisposable handling = new CompositeDisposable();

    public RenameVerticle(Bus bus, RenameEdges edges) {
        this.bus = bus;
        this.edges = edges;
    }

    @Override
    public Completable rxStart() {
        Scheduler scheduler = RxHelper.scheduler(Context.newInstance(context));
        handling.add(new RenameHandler(bus::publish, edges, scheduler).handle(bus));
        return Completable.complete();
    }

    @Override
    public Completable rxStop() {
        handling.dispose();
        return Completable.complete();
    }
}
