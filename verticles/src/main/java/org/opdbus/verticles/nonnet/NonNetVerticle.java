// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.vertx.core.Future;
import io.vertx.rxjava3.core.AbstractVerticle;
import io.vertx.rxjava3.core.Context;
import io.vertx.rxjava3.core.RxHelper;
import java.time.Clock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.inventory.InventoryChange;
import org.opdbus.verticles.inventory.LiveInventory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the inventory as an OVSDB server does; see the package for what is promised. */
public final class NonNetVerticle extends AbstractVerticle {
    private static final Logger LOG = LoggerFactory.getLogger(NonNetVerticle.class);

    private final LiveInventory inventory;
    private final NonNetOptions options;
    private final CompositeDisposable subscriptions = new CompositeDisposable();
    private @Nullable NonNetServer server;

    /** A server of this inventory, which begins when it is deployed. */
    public NonNetVerticle(LiveInventory inventory, NonNetOptions options) {
        this.inventory = inventory;
        this.options = options;
    }

    /** Serves the socket. If the socket cannot be had, a line in the log says so, and nothing else stops. */
    @Override
    public Completable rxStart() {
        Tables tables = new Tables(options.host());
        HostTables host = new HostTables(tables, new PeerRows(tables, Clock.systemUTC()));
        NonNetServer server = new NonNetServer(vertx.getDelegate(), tables, options);
        this.server = server;
        // What there is at the start is there before the first client is.
        host.apply(InventoryChange.fromNothing(inventory.current()));
        tables.commit();
        subscriptions.add(inventory
                .changes(RxHelper.scheduler(Context.newInstance(context)))
                .subscribe(change -> {
                    host.apply(change);
                    server.tell(tables.commit());
                }));
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
