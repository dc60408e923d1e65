// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.reactivex.rxjava3.core.Completable;
import io.vertx.core.Future;
import io.vertx.rxjava3.core.AbstractVerticle;
import io.vertx.rxjava3.core.Context;
import io.vertx.rxjava3.core.RxHelper;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.inventory.LiveInventory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the inventory as an OVSDB server does. The package's page states the guarantees. */
public final class NonNetVerticle extends AbstractVerticle {
    private static final Logger LOG = LoggerFactory.getLogger(NonNetVerticle.class);

    private final LiveInventory inventory;
    private final NonNetOptions options;
    private @Nullable NonNetServer server;
    private @Nullable LiveTables tables;

    /** Creates a server of this inventory. It starts when it is deployed. */
    public NonNetVerticle(LiveInventory inventory, NonNetOptions options) {
        this.inventory = inventory;
        this.options = options;
    }

    /** Opens the socket. If that fails, the agent logs the reason, and everything else runs without this server. */
    @Override
    public Completable rxStart() {
        LiveTables tables = new LiveTables(inventory, options, RxHelper.scheduler(Context.newInstance(context)));
        NonNetServer server = new NonNetServer(vertx.getDelegate(), tables, options);
        this.server = server;
        this.tables = tables;
        return completable(server::start).onErrorResumeNext(this::goWithout);
    }

    private Completable goWithout(Throwable failure) {
        if (!(failure instanceof NonNetException)) {
            return Completable.error(failure);
        }
        LOG.error(
                "nonnet=not-served: {}; everything else goes on without it until the agent is restarted",
                failure.getMessage());
        server = null;
        return Completable.complete();
    }

    /** Closes the connections and removes the socket. */
    @Override
    public Completable rxStop() {
        LiveTables served = tables;
        if (served != null) {
            served.close();
        }
        NonNetServer stopping = server;
        server = null;
        return stopping == null ? Completable.complete() : completable(stopping::stop);
    }

    private static Completable completable(Supplier<Future<Void>> work) {
        return Completable.create(
                emitter -> work.get().onSuccess(v -> emitter.onComplete()).onFailure(emitter::tryOnError));
    }
}
