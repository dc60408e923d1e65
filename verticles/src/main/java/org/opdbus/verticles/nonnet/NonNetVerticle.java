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

/** Serves the inventory as an OVSDB server does. The package's page states the guarantees. */
public final class NonNetVerticle extends AbstractVerticle {
    private static final Logger LOG = LoggerFactory.getLogger(NonNetVerticle.class);

    private final LiveInventory inventory;
    private final NonNetOptions options;
    private final CompositeDisposable subscriptions = new CompositeDisposable();
    private @Nullable NonNetServer server;

    /** Creates a server of this inventory. It starts when it is deployed. */
    public NonNetVerticle(LiveInventory inventory, NonNetOptions options) {
        this.inventory = inventory;
        this.options = options;
    }

    /** Opens the socket. If that fails, the agent logs the reason, and everything else runs without this server. */
    @Override
    public Completable rxStart() {
        Tables tables = new Tables(options.host());
        HostTables host = new HostTables(tables, new PeerRows(tables, Clock.systemUTC()));
        NonNetServer server = new NonNetServer(vertx.getDelegate(), tables, options);
        this.server = server;
        // The rows are complete before the first client can connect.
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

    /** Closes the connections and removes the socket. */
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
