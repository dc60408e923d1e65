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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.jsonrpc.JsonRpcConnection;
import org.opdbus.verticles.jsonrpc.JsonRpcException;
import org.opdbus.verticles.jsonrpc.JsonRpcPeer;

/** One caller on the control socket. */
final class ControlCaller implements JsonRpcPeer {
    private final ControlRequests requests;
    private final Consumer<ControlCaller> watch;
    private final Consumer<ControlCaller> leave;
    private final CompositeDisposable underWay;
    private @Nullable JsonRpcConnection connection;

    /**
     * A caller.
     *
     * @param underWay takes what the caller asks for: it goes on to its end even if the caller goes
     */
    ControlCaller(
            ControlRequests requests,
            Consumer<ControlCaller> watch,
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
            watch.accept(this);
            return Future.succeededFuture(new JsonObject());
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

    void tell(JsonArray params) {
        say("event", params);
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
