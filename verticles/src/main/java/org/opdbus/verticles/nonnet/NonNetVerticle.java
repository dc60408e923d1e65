// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.Future;
import io.vertx.rxjava3.core.AbstractVerticle;
import io.vertx.rxjava3.core.Context;
import io.vertx.rxjava3.core.RxHelper;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.Event;
import org.opdbus.verticles.bus.Bus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves what the bus says of this host, and what is known of others; see the package for what is promised. */
public final class NonNetVerticle extends AbstractVerticle {
    private static final Logger LOG = LoggerFactory.getLogger(NonNetVerticle.class);

    private final Bus bus;
    private final NonNetOptions options;
    private final Supplier<Single<List<ContainerRow>>> containers;
    private final Flowable<List<SiblingRow>> siblings;
    private final CompositeDisposable subscriptions = new CompositeDisposable();
    private @Nullable NonNetServer server;

    /**
     * A server that begins when it is deployed, which should be before the sources are.
     *
     * @param containers asks how every container stands; called on this verticle's context, answered on any
     * @param siblings all other hosts, each time that something of them has changed; on any thread
     */
    public NonNetVerticle(
            Bus bus,
            NonNetOptions options,
            Supplier<Single<List<ContainerRow>>> containers,
            Flowable<List<SiblingRow>> siblings) {
        this.bus = bus;
        this.options = options;
        this.containers = containers;
        this.siblings = siblings;
    }

    /** Serves the socket. One that cannot be had is said in the log, and stops nothing else. */
    @Override
    public Completable rxStart() {
        Tables tables = new Tables(options.host());
        HostTables host = new HostTables(tables, Clock.systemUTC(), options.host(), options.version());
        NonNetServer server = new NonNetServer(vertx.getDelegate(), tables, options);
        Scheduler scheduler = RxHelper.scheduler(Context.newInstance(context));
        ContainerRefresh question = new ContainerRefresh(
                containers,
                rows -> {
                    host.containers(rows);
                    server.tell(tables.commit());
                },
                options,
                scheduler);
        SiblingTables others = new SiblingTables(tables, Clock.systemUTC(), options.host());
        this.server = server;
        subscriptions.add(bus.subscribeAll(event -> hear(event, tables, host, server, question)));
        subscriptions.add(Disposable.fromAction(question::stop));
        subscriptions.add(siblings.onBackpressureLatest()
                .observeOn(scheduler, false, 1)
                .subscribe(
                        rows -> {
                            others.replace(rows);
                            server.tell(tables.commit());
                        },
                        failure -> LOG.warn("nonnet=siblings-unknown reason=\"{}\"", failure.toString())));
        question.start();
        return completable(server::start).onErrorResumeNext(this::goWithout);
    }

    private Completable goWithout(Throwable failure) {
        if (!(failure instanceof NonNetException)) {
            return Completable.error(failure);
        }
        LOG.error(
                "nonnet=not-served: {}; everything else goes on without it until the agent is restarted",
                failure.getMessage());
        subscriptions.dispose();
        server = null;
        return Completable.complete();
    }

    private static void hear(
            Event event, Tables tables, HostTables host, NonNetServer server, ContainerRefresh question) {
        boolean concernsContainer = host.apply(event);
        server.tell(tables.commit());
        if (concernsContainer) {
            question.want();
        }
    }

    /** Leaves the clients and removes the socket. */
    @Override
    public Completable rxStop() {
        subscriptions.dispose();
        NonNetServer stopping = server;
        server = null;
        return stopping == null ? Completable.complete() : completable(stopping::stop);
    }

    private static Completable completable(Supplier<Future<Void>> work) {
        return Completable.create(
                emitter -> work.get().onSuccess(v -> emitter.onComplete()).onFailure(emitter::tryOnError));
    }
}
