// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.proxmox;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.vertx.rxjava3.core.AbstractVerticle;
import io.vertx.rxjava3.core.Context;
import io.vertx.rxjava3.core.RxHelper;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.enroll.bridge.proxmox.ManagedStep.EndManaged;
import org.opdbus.verticles.enroll.bridge.proxmox.ManagedStep.LimitPort;
import org.opdbus.verticles.enroll.bridge.proxmox.ManagedStep.PlugManaged;
import org.opdbus.verticles.enroll.bridge.proxmox.ManagedStep.RecordChanged;
import org.opdbus.verticles.enroll.bridge.proxmox.ManagedStep.RetractPort;
import org.opdbus.verticles.view.HostView;

/** Receives the steps of this package from the bus and answers them. */
public final class ManagedVerticle extends AbstractVerticle {
    private final Bus bus;
    private final HostView view;
    private final ManagedEdges edges;
    private final CompositeDisposable handling = new CompositeDisposable();

    public ManagedVerticle(Bus bus, HostView view, ManagedEdges edges) {
        this.bus = bus;
        this.view = view;
        this.edges = edges;
    }

    @Override
    public Completable rxStart() {
        Scheduler scheduler = RxHelper.scheduler(Context.newInstance(context));
        ManagedHandler handler = new ManagedHandler(bus, view, edges, scheduler);
        handling.addAll(
                bus.handle(PlugManaged.class, handler::plug),
                bus.handle(LimitPort.class, handler::limit),
                bus.handle(RetractPort.class, handler::retract),
                bus.handle(EndManaged.class, handler::end),
                bus.handle(RecordChanged.class, handler::changed));
        return Completable.complete();
    }

    @Override
    public Completable rxStop() {
        handling.dispose();
        return Completable.complete();
    }
}
