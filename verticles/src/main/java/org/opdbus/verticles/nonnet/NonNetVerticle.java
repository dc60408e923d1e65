// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.reactivex.rxjava3.core.Completable;
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

/** Serves what the bus says of this host; see the package for what is promised. */
public final class NonNetVerticle extends AbstractVerticle {
    private final Bus bus;
    private final NonNetOptions options;
    private final Supplier<Single<List<ContainerRow>>> containers;
    private final CompositeDisposable subscriptions = new CompositeDisposable();
    private @Nullable NonNetServer server;

    /**
     * A server that begins when it is deployed, which should be before the sources are.
     *
     * @param containers asks how every container stands; called on this verticle's context, answered on any
     */
    public NonNetVerticle(Bus bus, NonNetOptions options, Supplier<Single<List<ContainerRow>>> containers) {
        this.bus = bus;
        this.options = options;
        this.containers = containers;
    }

    /** Serves the socket; fails with a {@link NonNetException} if it cannot be had. */
    @Override
    public Completable rxStart() {
        Tables tables = new Tables(options.host());
        HostTables host = new HostTables(tables, Clock.systemUTC(), options.host(), options.version());
        NonNetServer server = new NonNetServer(vertx.getDelegate(), tables, options);
        ContainerQuestion question = new ContainerQuestion(
                containers,
                rows -> {
                    host.containers(rows);
                    server.tell(tables.commit());
                },
                options,
                RxHelper.scheduler(Context.newInstance(context)));
        this.server = server;
        subscriptions.add(bus.subscribeAll(event -> hear(event, tables, host, server, question)));
        subscriptions.add(Disposable.fromAction(question::stop));
        question.start();
        // A verticle whose start failed is not stopped.
        return completable(server::start).doOnError(e -> subscriptions.dispose());
    }

    private static void hear(
            Event event, Tables tables, HostTables host, NonNetServer server, ContainerQuestion question) {
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
