// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.Future;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.jsonrpc.EncodedJson;
import org.opdbus.verticles.jsonrpc.JsonRpcConnection;
import org.opdbus.verticles.jsonrpc.JsonRpcException;
import org.opdbus.verticles.jsonrpc.JsonRpcPeer;
import org.opdbus.verticles.jsonrpc.JsonRpcSettings;
import org.opdbus.verticles.nonnet.NonNetException.Reason;
import org.opdbus.verticles.nonnet.Tables.RowChange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client, from its connection to its end. Confined to the server's context. */
final class Session implements JsonRpcPeer {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    /** The bytes of memory that a monitor uses for each character of its request. */
    private static final long OBJECT_FACTOR = 16;

    /** The methods that the server answers at once, because they never take long. */
    private static final Set<String> SHORT =
            Set.of("list_dbs", "get_schema", "monitor_cancel", "get_server_id", "set_db_change_aware");

    private final Surroundings around;
    private final JsonRpcConnection connection;
    private final long probeTimer;
    /** The monitors by the client's name for them, in JSON text, because a name may be any JSON value. */
    private final Map<String, Kept> monitors = new LinkedHashMap<>();

    private long messagesAtLastProbe;
    private boolean isWaiting;
    private boolean isOver;

    /** A monitor, and the bytes that the budget counts for it. */
    private record Kept(Monitor monitor, long bytes) {}

    /** The objects that all sessions of a server share. */
    record Surroundings(Turns turns, LiveTables tables, NonNetOptions options, UUID serverId, Owner owner) {
        private JsonRpcSettings rpc() {
            return new JsonRpcSettings(turns.vertx(), options.limits(), options.budget());
        }
    }

    /** The owner of the sessions. */
    interface Owner {
        /** Removes the session, which has ended. */
        void ended(Session session);
    }

    Session(Surroundings around, NetSocket socket) {
        this.around = around;
        connection = new JsonRpcConnection(around.rpc(), socket, this);
        probeTimer =
                around.turns.vertx().setPeriodic(around.options.probeInterval().toMillis(), timer -> probe());
    }

    @Override
    public Future<Object> requested(String method, JsonArray params) {
        return (SHORT.contains(method) ? now(method, params) : inTurn(method, params)).recover(failure -> {
            Throwable told = failure instanceof NonNetException e
                    ? JsonRpcException.answered(String.valueOf(e.getMessage()), e.toJson())
                    : failure;
            return Future.failedFuture(told);
        });
    }

    private Future<Object> now(String method, JsonArray params) {
        try {
            return Future.succeededFuture(answer(method, params));
        } catch (NonNetException | JsonRpcException e) {
            return Future.failedFuture(e);
        }
    }

    private Future<Object> inTurn(String method, JsonArray params) {
        if (around.turns.isFree()) {
            return around.turns.ask(() -> answer(method, params));
        }
        long bytes = OBJECT_FACTOR * params.encode().length();
        if (!connection.share().take(bytes)) {
            return Future.failedFuture(
                    new NonNetException(Reason.EXHAUSTED, "too many requests wait; try again later"));
        }
        isWaiting = true;
        return around.turns.ask(() -> {
            isWaiting = false;
            connection.share().give(bytes);
            if (isOver) {
                throw new JsonRpcException(JsonRpcException.Reason.CLOSED, "the client has gone");
            }
            return answer(method, params);
        });
    }

    private Object answer(String method, JsonArray params) {
        return switch (method) {
            case "list_dbs" -> JsonArray.of(Schema.DATABASE);
            case "get_schema" -> {
                checkDatabase(method, params);
                yield Schema.toJson();
            }
            case "transact" -> {
                checkDatabase(method, params);
                yield ReadTransaction.run(around.tables.rows(), params, answerBytesMax());
            }
            case "monitor" -> monitor(UpdateFormat.UPDATE, method, params);
            case "monitor_cond" -> monitor(UpdateFormat.UPDATE2, method, params);
            case "monitor_cancel" -> cancel(params);
            case "get_server_id" -> around.serverId.toString();
            // This server never adds or removes a database, so there is nothing to report to such a client.
            case "set_db_change_aware" -> new JsonObject();
            // Clients expect this plain text, not an object, before they try an older method.
            default -> throw JsonRpcException.answered("unknown method " + method, "unknown method");
        };
    }

    private static void checkDatabase(String method, JsonArray params) {
        Object name = params.isEmpty() ? null : params.getValue(0);
        if (!(name instanceof String)) {
            throw new NonNetException(Reason.SYNTAX, method + " wants a database's name first");
        }
        if (!name.equals(Schema.DATABASE)) {
            throw new NonNetException(
                    Reason.UNKNOWN_DATABASE,
                    method + " names " + Excerpt.of(name) + "; the only database is " + Schema.DATABASE);
        }
    }

    private EncodedJson monitor(UpdateFormat format, String method, JsonArray params) {
        checkDatabase(method, params);
        if (params.size() != 3) {
            throw new NonNetException(Reason.SYNTAX, method + " wants a database, a name and monitor requests");
        }
        String key = Json.encode(params.getValue(1));
        if (monitors.containsKey(key)) {
            throw new NonNetException(Reason.SYNTAX, "duplicate monitor ID " + Excerpt.of(params.getValue(1)));
        }
        if (monitors.size() >= around.options.monitorsMax()) {
            throw new NonNetException(
                    Reason.EXHAUSTED, "a client may have " + around.options.monitorsMax() + " monitors");
        }
        Monitor monitor = new Monitor(format, params.getValue(1), params.getValue(2));
        Kept kept = new Kept(
                monitor,
                OBJECT_FACTOR * (key.length() + Json.encode(params.getValue(2)).length()));
        EncodedJson initial = monitor.initial(around.tables.rows(), answerBytesMax());
        if (!connection.share().take(kept.bytes)) {
            throw new NonNetException(Reason.EXHAUSTED, "all clients together have too many monitors");
        }
        monitors.put(key, kept);
        return initial;
    }

    /** Returns the largest length of an answer that the connection can send. */
    private int answerBytesMax() {
        return around.options.limits().unsentBytesMax();
    }

    private JsonObject cancel(JsonArray params) {
        @Nullable Object id = params.isEmpty() ? null : params.getValue(0);
        Kept kept = monitors.remove(Json.encode(id));
        if (kept == null) {
            throw JsonRpcException.answered("unknown monitor", "unknown monitor");
        }
        connection.share().give(kept.bytes);
        return new JsonObject();
    }

    /** Sends the client the changes that its monitors cover. */
    void tell(List<RowChange> changes) {
        for (Kept each : List.copyOf(monitors.values())) {
            each.monitor.update(changes).ifPresent(params -> connection.notify(each.monitor.method(), params));
        }
    }

    void close(String why) {
        connection.close(why);
    }

    private void probe() {
        if (isWaiting) {
            // The server does not read from this client now, so the client cannot answer an echo request.
            return;
        }
        Duration limit = around.options.probeInterval();
        if (connection.messagesReceived() == messagesAtLastProbe) {
            connection.call("echo", new JsonArray(), limit).onFailure(e -> close("it is silent: " + e.getMessage()));
        }
        messagesAtLastProbe = connection.messagesReceived();
    }

    @Override
    public void ended(JsonRpcException why) {
        isOver = true;
        around.turns.vertx().cancelTimer(probeTimer);
        monitors.clear();
        LOG.debug("a client is gone: {}", why.getMessage());
        around.owner.ended(this);
    }
}
