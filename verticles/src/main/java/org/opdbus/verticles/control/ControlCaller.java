// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.control;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
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
    private @Nullable JsonRpcConnection connection;

    ControlCaller(ControlRequests requests, Consumer<ControlCaller> watch, Consumer<ControlCaller> leave) {
        this.requests = requests;
        this.watch = watch;
        this.leave = leave;
    }

    void over(JsonRpcConnection made) {
        connection = made;
    }

    @Override
    public Future<Object> requested(String method, JsonArray params) {
        return switch (method) {
            case "version" -> Future.succeededFuture(requests.version());
            case "query" -> query(params);
            case "events" -> {
                watch.accept(this);
                yield Future.succeededFuture(new JsonObject());
            }
            default -> JsonRpcPeer.super.requested(method, params);
        };
    }

    private Future<Object> query(JsonArray params) {
        Optional<String> plugin = params.isEmpty() ? Optional.empty() : Optional.of(String.valueOf(params.getValue(0)));
        return Future.fromCompletionStage(
                requests.query(plugin).<Object>map(answer -> answer).toCompletionStage(), Vertx.currentContext());
    }

    void tell(JsonArray params) {
        JsonRpcConnection open = connection;
        if (open != null) {
            open.notify("event", params);
        }
    }

    @Override
    public void ended(JsonRpcException why) {
        leave.accept(this);
    }
}
