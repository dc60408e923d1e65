// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.control;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.Event;
import org.opdbus.verticles.jsonrpc.JsonRpcConnection;
import org.opdbus.verticles.jsonrpc.JsonRpcException;
import org.opdbus.verticles.jsonrpc.JsonRpcPeer;

/** One caller on the control socket. */
final class ControlCaller implements JsonRpcPeer {
    private static final String EVENT = "event";
    /** Well below the limit at which the connection ends: a slow reader is told what it missed, and goes on. */
    private static final int UNREAD_BYTES_MAX = 1 << 20;

    private final ControlRequests requests;
    private final BiFunction<ControlCaller, EventFilter, JsonObject> watch;
    private final Consumer<ControlCaller> leave;
    private final CompositeDisposable underWay;
    private EventFilter filter = EventFilter.of(new JsonArray());
    private int missed;
    private @Nullable JsonRpcConnection connection;

    /**
     * A caller.
     *
     * @param watch tells this caller every event from now on, and says where the ledger stands
     * @param underWay takes what the caller asks for: it goes on to its end even if the caller goes
     */
    ControlCaller(
            ControlRequests requests,
            BiFunction<ControlCaller, EventFilter, JsonObject> watch,
            Consumer<ControlCaller> leave,
            CompositeDisposable underWay) {
        this.requests = requests;
        this.watch = watch;
        this.leave = leave;
        this.underWay = underWay;
    }

    void over(JsonRpcConnection made) {
        connection = made;
    }

    @Override
    public Future<Object> requested(String method, JsonArray params) {
        if (method.equals("events")) {
            filter = EventFilter.of(params);
            return Future.succeededFuture(watch.apply(this, filter));
        }
        Context context = Vertx.currentContext();
        return requests.request(
                        method, params, said -> context.runOnContext(now -> say("progress", new JsonArray().add(said))))
                .map(answer -> inOrder(answer, context))
                .orElseGet(() -> JsonRpcPeer.super.requested(method, params));
    }

    /** The answer queues behind what was said before it. */
    private Future<Object> inOrder(Single<Object> answer, Context context) {
        Promise<Object> promise = Promise.promise();
        answer.subscribe(
                value -> context.runOnContext(now -> promise.complete(value)),
                failure -> context.runOnContext(now -> promise.fail(failure)),
                underWay);
        return promise.future();
    }

    /** Tells an event, if this caller wants it and has room for it; what it has no room for is counted. */
    void tell(Event event, Function<Event, JsonObject> line, IntFunction<JsonObject> missedLine) {
        JsonRpcConnection open = connection;
        if (open == null || !filter.accepts(event)) {
            return;
        }
        if (open.unsentBytes() > UNREAD_BYTES_MAX) {
            missed++;
            return;
        }
        if (missed > 0) {
            open.notify(EVENT, new JsonArray().add(missedLine.apply(missed)));
            missed = 0;
        }
        open.notify(EVENT, new JsonArray().add(line.apply(event)));
    }

    private void say(String method, JsonArray params) {
        JsonRpcConnection open = connection;
        if (open != null) {
            open.notify(method, params);
        }
    }

    @Override
    public void ended(JsonRpcException why) {
        leave.accept(this);
    }
}
