// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.rxjava3.core.AbstractVerticle;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.edges.BridgeWork;
import org.opdbus.verticles.jsonrpc.JsonRpcConnection;
import org.opdbus.verticles.ovsdb.OvsdbException.Reason;
import org.opdbus.verticles.ovsdb.PortChanges.Change;
import org.opdbus.verticles.ovsdb.raw.RawDatabase;

/**
 * Publishes what Open vSwitch's database contains about bridges and ports, and changes ports for
 * other components.
 */
public final class OvsdbVerticle extends AbstractVerticle {
    private final Bus bus;
    private final OvsdbOptions options;
    private final PortKeeper ports = new PortKeeper(this::transact, this::carryOut);
    private final BridgeKeeper bridges = new BridgeKeeper(new Copy(), this::raw);

    private volatile @Nullable Running running;
    private OvsdbCache picture = new OvsdbCache();
    private boolean isAsking;
    private @Nullable Promise<Void> asksNext;

    private record Running(ContextInternal context, OvsdbClient client, Coalescer coalescer, RawDatabase raw) {}

    /** Creates a source that starts when it is deployed. */
    public OvsdbVerticle(Bus bus, OvsdbOptions options) {
        this.bus = bus;
        this.options = options;
    }

    /**
     * Returns the object that changes ports. It can be used before the verticle is deployed, but
     * its calls fail until then.
     */
    public PortKeeper ports() {
        return ports;
    }

    /**
     * Returns the object that changes bridges for callers of the agent. It can be used before the verticle is deployed, but its
     * calls fail until then.
     */
    public BridgeWork bridges() {
        return bridges;
    }

    /** Begins to connect; does not wait until that succeeds. */
    @Override
    public Completable rxStart() {
        return Completable.fromAction(() -> {
            Vertx owner = vertx.getDelegate();
            OvsdbClient client = new OvsdbClient(owner, options, new Publisher());
            running = new Running(
                    (ContextInternal) owner.getOrCreateContext(),
                    client,
                    new Coalescer(client::transact),
                    new RawDatabase(owner, options.socket(), options.callLimit()));
            client.start();
        });
    }

    @Override
    public Completable rxStop() {
        return Completable.create(emitter -> {
            Running stopping = running;
            running = null;
            if (stopping == null) {
                emitter.onComplete();
            } else {
                Future.join(stopping.client.stop(), stopping.raw.close())
                        .onSuccess(v -> emitter.onComplete())
                        .onFailure(emitter::tryOnError);
            }
        });
    }

    Single<JsonArray> transact(Transaction transaction) {
        return asked(now -> now.client.transact(transaction));
    }

    /**
     * Completes when the copy has every change that the database made before this call. All callers that come while a question
     * is under way share the next one.
     */
    private Future<Void> caughtUp(OvsdbClient client) {
        if (isAsking) {
            Promise<Void> next = asksNext == null ? Promise.promise() : asksNext;
            asksNext = next;
            return next.future();
        }
        isAsking = true;
        return client.transact(new Transaction())
                .onComplete(answered -> {
                    isAsking = false;
                    Promise<Void> next = asksNext;
                    asksNext = null;
                    if (next != null) {
                        caughtUp(client).onComplete(next);
                    }
                })
                .mapEmpty();
    }

    /** Answers from the copy, with every change that the database made before the subscription. */
    <T> Single<T> look(Function<OvsdbCache, T> question) {
        return asked(now -> caughtUp(now.client).map(caughtUp -> question.apply(picture)));
    }

    /** What callers of the agent ask of the database. */
    private final class Copy implements BridgeKeeper.Database {
        @Override
        public Single<JsonArray> transact(Transaction transaction) {
            return OvsdbVerticle.this.transact(transaction);
        }

        @Override
        public <T> Single<T> look(Function<OvsdbCache, T> question) {
            return OvsdbVerticle.this.look(question);
        }
    }

    Optional<RawDatabase> raw() {
        return Optional.ofNullable(running).map(Running::raw);
    }

    private Single<String> carryOut(Change change) {
        return asked(now -> now.coalescer.carryOut(change));
    }

    /**
     * Switches to the client's context and, if the subscriber has a context of its own, back to
     * that.
     */
    private <T> Single<T> asked(Function<Running, Future<T>> question) {
        return Single.create(emitter -> {
            Running now = running;
            if (now == null) {
                emitter.tryOnError(
                        new OvsdbException(Reason.UNAVAILABLE, "the source of Open vSwitch facts is not running"));
                return;
            }
            Context caller = Vertx.currentContext();
            // On the same thread already, so no further task is needed.
            now.context.emit(v -> {
                Future<T> answer = question.apply(now);
                answer.onComplete(outcome -> {
                    Runnable deliver = () -> {
                        if (outcome.succeeded()) {
                            emitter.onSuccess(outcome.result());
                        } else {
                            emitter.tryOnError(outcome.cause());
                        }
                    };
                    if (caller == null || caller == now.context) {
                        deliver.run();
                    } else {
                        caller.runOnContext(w -> deliver.run());
                    }
                });
            });
        });
    }

    private final class Publisher implements OvsdbClient.Listener {
        @Override
        public Future<JsonObject> requests(JsonRpcConnection opened, Duration limit) {
            return Future.succeededFuture(Column.monitorRequests());
        }

        @Override
        public void listed(JsonObject tables) {
            OvsdbCache before = picture;
            picture = OvsdbCache.of(tables);
            picture.differencesFrom(before).forEach(bus::publish);
            bus.publish(new SourceListed(Source.OVSDB, picture.size()));
        }

        @Override
        public void changed(JsonObject tables) {
            picture.apply(tables).forEach(bus::publish);
        }

        @Override
        public void lost(String reason) {
            bus.publish(new SourceLost(Source.OVSDB, reason));
        }
    }
}
