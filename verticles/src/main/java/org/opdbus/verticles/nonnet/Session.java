// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.jsonrpc.JsonRpcConnection;
import org.opdbus.verticles.jsonrpc.JsonRpcException;
import org.opdbus.verticles.jsonrpc.JsonRpcPeer;
import org.opdbus.verticles.nonnet.NonNetException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client, from its connection to its end. Belongs to the server's context. */
final class Session implements JsonRpcPeer {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final Surroundings around;
    private final JsonRpcConnection connection;
    private final long probeTimer;
    /** By the client's name for the monitor, in JSON: it may be any value, and equal ones are the same. */
    private final Map<String, Monitor> monitors = new LinkedHashMap<>();

    private long messagesAtLastProbe;

    /** What all sessions of a server have in common. */
    record Surroundings(Vertx vertx, Tables tables, NonNetOptions options, UUID serverId, Owner owner) {}

    /** Who keeps the sessions. */
    interface Owner {
        /** Something is about to be sent to a client. */
        void sending();

        /** The session is over. */
        void ended(Session session);
    }

    Session(Surroundings around, NetSocket socket) {
        this.around = around;
        connection = new JsonRpcConnection(around.vertx, socket, around.options.limits(), this);
        probeTimer = around.vertx.setPeriodic(around.options.probeInterval().toMillis(), timer -> probe());
    }

    @Override
    public Future<Object> requested(String method, JsonArray params) {
        around.owner.sending();
        try {
            return Future.succeededFuture(answer(method, params));
        } catch (NonNetException e) {
            return Future.failedFuture(JsonRpcException.answered(String.valueOf(e.getMessage()), e.toJson()));
        } catch (JsonRpcException e) {
            return Future.failedFuture(e);
        }
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
                yield Transaction.run(around.tables, params);
            }
            case "monitor" -> monitor(UpdateFormat.UPDATE, method, params);
            case "monitor_cond" -> monitor(UpdateFormat.UPDATE2, method, params);
            case "monitor_cancel" -> cancel(params);
            case "get_server_id" -> around.serverId.toString();
            // Databases neither come nor go here, so a client that wants to hear of it already does.
            case "set_db_change_aware" -> new JsonObject();
            // The bare word, and not an object, is what clients look for before they try an older method.
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

    private JsonObject monitor(UpdateFormat format, String method, JsonArray params) {
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
        monitors.put(key, monitor);
        return monitor.initial(around.tables);
    }

    private JsonObject cancel(JsonArray params) {
        @Nullable Object id = params.isEmpty() ? null : params.getValue(0);
        if (monitors.remove(Json.encode(id)) == null) {
            throw JsonRpcException.answered("unknown monitor", "unknown monitor");
        }
        return new JsonObject();
    }

    /** Tells the client of what its monitors want to hear. */
    void tell(List<RowChange> changes) {
        for (Monitor monitor : List.copyOf(monitors.values())) {
            monitor.update(changes).ifPresent(params -> connection.notify(monitor.method(), params));
        }
    }

    /** How many bytes the client has not taken yet. */
    long unsentBytes() {
        return connection.unsentBytes();
    }

    void close(String why) {
        connection.close(why);
    }

    private void probe() {
        Duration limit = around.options.probeInterval();
        if (connection.messagesReceived() == messagesAtLastProbe) {
            connection.call("echo", new JsonArray(), limit).onFailure(e -> close("it is silent: " + e.getMessage()));
        }
        messagesAtLastProbe = connection.messagesReceived();
    }

    @Override
    public void ended(JsonRpcException why) {
        around.vertx.cancelTimer(probeTimer);
        monitors.clear();
        LOG.debug("a client is gone: {}", why.getMessage());
        around.owner.ended(this);
    }
}
