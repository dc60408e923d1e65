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
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.Event;
import org.opdbus.verticles.jsonrpc.JsonRpcConnection;
import org.opdbus.verticles.jsonrpc.JsonRpcException;
import org.opdbus.verticles.jsonrpc.JsonRpcPeer;

/** One caller on the control socket. */
final class ControlCaller implements JsonRpcPeer {
    private static final String EVENT = "event";
    /**
     * Well below the limit at which the connection ends, so that a slow reader learns what it
     * missed and continues.
     */
    private static final int UNREAD_BYTES_MAX = 1 << 20;

    private final ControlRequests requests;
    private final Watching watching;
    private final CompositeDisposable underWay;
    private EventFilter filter = EventFilter.of(new JsonArray());
    private String notification = EVENT;
    private int missed;
    private @Nullable JsonRpcConnection connection;

    /** The requests of a caller of {@code events}. */
    interface Watching {
        /** Sends this caller every event from now on, and returns the position of the ledger. */
        Future<Object> watch(ControlCaller caller, EventFilter filter, JsonObject given);

        /** Returns the filter with the ids of the workloads that it names. */
        EventFilter named(EventFilter filter);

        /** Returns the events of peers that are still held. */
        Future<Object> held(EventFilter filter, JsonObject given);

        /** Sends this caller every entry that other hosts write from now on. */
        Future<Object> watchEntries(ControlCaller caller);

        /** Ends the subscriptions, because the caller has gone. */
        void leave(ControlCaller caller);
    }

    /**
     * Creates a caller.
     *
     * @param watching the requests with which it subscribes to events
     * @param underWay holds the work that the caller asks for; the work continues to its end even
     * if the caller leaves
     */
    ControlCaller(ControlRequests requests, Watching watching, CompositeDisposable underWay) {
        this.requests = requests;
        this.watching = watching;
        this.underWay = underWay;
    }

    void over(JsonRpcConnection made) {
        connection = made;
    }

    @Override
    public Future<Object> requested(String method, JsonArray params) {
        if (method.equals("events")) {
            filter = watching.named(EventFilter.of(params));
            return watching.watch(this, filter, given(params));
        }
        if (method.equals("entries")) {
            filter = EventFilter.of(params);
            notification = "entry";
            return watching.watchEntries(this);
        }
        if (method.equals("events-held")) {
            return watching.held(EventFilter.of(params), given(params));
        }
        Context context = Vertx.currentContext();
        return requests.request(
                        method, params, said -> context.runOnContext(now -> say("progress", new JsonArray().add(said))))
                .map(answer -> inOrder(answer, context))
                .orElseGet(() -> JsonRpcPeer.super.requested(method, params));
    }

    private static JsonObject given(JsonArray params) {
        return !params.isEmpty() && params.getValue(0) instanceof JsonObject object ? object : new JsonObject();
    }

    /** The answer is sent after the earlier messages. */
    private Future<Object> inOrder(Single<Object> answer, Context context) {
        Promise<Object> promise = Promise.promise();
        answer.subscribe(
                value -> context.runOnContext(now -> promise.complete(value)),
                failure -> context.runOnContext(now -> promise.fail(failure)),
                underWay);
        return promise.future();
    }

    /** Takes note of a fact: a workload that the caller names may get an id. */
    void hear(Event event) {
        filter = filter.knowing(event);
    }

    /**
     * Sends an event, if this caller wants it and has room for it; otherwise counts it as missed.
     */
    void tell(String kind, String subject, Supplier<JsonObject> line, IntFunction<JsonObject> missedLine) {
        JsonRpcConnection open = connection;
        if (open == null || !filter.accepts(kind, subject)) {
            return;
        }
        if (open.unsentBytes() > UNREAD_BYTES_MAX) {
            missed++;
            return;
        }
        if (missed > 0) {
            open.notify(notification, new JsonArray().add(missedLine.apply(missed)));
            missed = 0;
        }
        open.notify(notification, new JsonArray().add(line.get()));
    }

    /** Reports that this many lines that the caller wanted are no longer available. */
    void missed(int count) {
        missed += count;
    }

    private void say(String method, JsonArray params) {
        JsonRpcConnection open = connection;
        if (open != null) {
            open.notify(method, params);
        }
    }

    @Override
    public void ended(JsonRpcException why) {
        watching.leave(this);
    }
}
