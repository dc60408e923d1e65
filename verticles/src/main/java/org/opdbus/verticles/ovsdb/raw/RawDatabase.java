// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb.raw;

import io.reactivex.rxjava3.core.BackpressureStrategy;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.opdbus.verticles.edges.BridgeException;
import org.opdbus.verticles.edges.BridgeException.Reason;
import org.opdbus.verticles.jsonrpc.JsonRpcConnection;
import org.opdbus.verticles.jsonrpc.JsonRpcException;
import org.opdbus.verticles.jsonrpc.JsonRpcLimits;
import org.opdbus.verticles.jsonrpc.JsonRpcPeer;
import org.opdbus.verticles.jsonrpc.JsonRpcSettings;
import org.opdbus.verticles.limits.ByteBudget;

/**
 * Passes requests on to ovsdb-server, each over a connection of its own. Any thread may subscribe; a subscriber on a Vert.x
 * context gets the results there.
 */
public final class RawDatabase {
    /** How many connections there may be at once. */
    public static final int CONNECTIONS_MAX = 24;

    /** How many characters the text of a request may have. */
    public static final int REQUEST_CHARS_MAX = 256 << 10;

    private static final String MONITOR = "op-dbus";
    private static final JsonRpcLimits LIMITS = new JsonRpcLimits(2 << 20, 100_000, 64, 4, 1 << 20);
    private static final long BUDGET_BYTES = 24 << 20;

    private final Vertx vertx;
    private final SocketAddress address;
    private final Duration callLimit;
    private final ByteBudget budget = new ByteBudget(BUDGET_BYTES);
    private final AtomicInteger connections = new AtomicInteger();
    /** Kept in a field, because the garbage collector closes an unreferenced client with its connections. */
    private final NetClient sockets;

    /** Creates the client of a database's unix socket; it connects when it is asked. */
    public RawDatabase(Vertx vertx, Path socket, Duration callLimit) {
        this.vertx = vertx;
        this.callLimit = callLimit;
        address = SocketAddress.domainSocketAddress(socket.toString());
        sockets = vertx.createNetClient(new NetClientOptions().setConnectTimeout((int) callLimit.toMillis()));
    }

    /** Ends every connection. */
    public Future<Void> close() {
        return sockets.close();
    }

    /** Returns how many connections there are. */
    public int connections() {
        return connections.get();
    }

    /** Returns the schema of a database as JSON text. */
    public Single<String> schema(String database) {
        return call("get_schema", JsonArray.of(database)).map(schema -> ((JsonObject) schema).encode());
    }

    /** Carries out a JSON array of operations and returns the array of their results. */
    public Single<String> transact(String database, String operations) {
        return Single.defer(() -> {
            JsonArray params = JsonArray.of(database);
            decoded(operations, "a JSON array of operations", JsonArray::new).forEach(params::add);
            return call("transact", params).map(results -> ((JsonArray) results).encode());
        });
    }

    /** Emits the rows of the requested tables, and then their changes. */
    public Flowable<String> monitor(String database, String tables) {
        return Flowable.defer(() -> {
            JsonArray params = JsonArray.of(
                    database, MONITOR, decoded(tables, "a JSON object of monitor requests", JsonObject::new));
            AtomicLong unread = new AtomicLong();
            return Flowable.<String>create(
                            emitter -> onContext(() -> begin(params, new Updates(emitter, unread))),
                            // Updates limits what is in this buffer.
                            BackpressureStrategy.BUFFER)
                    .doOnNext(text -> unread.addAndGet(-text.length()));
        });
    }

    private void begin(JsonArray params, Updates updates) {
        open(updates).onFailure(e -> updates.fail(inWords(e))).onSuccess(connection -> {
            updates.endWith(() -> onContext(() -> connection.close("the subscriber has had enough")));
            connection
                    .call("monitor", params, callLimit)
                    .onSuccess(rows -> updates.add((JsonObject) rows))
                    .onFailure(e -> updates.fail(inWords(e)));
        });
    }

    private Single<Object> call(String method, JsonArray params) {
        return Single.create(emitter -> onContext(() -> open(new JsonRpcPeer() {})
                .compose(connection -> connection
                        .call(method, params, callLimit)
                        .onComplete(answered -> connection.close(method + " is answered")))
                .onSuccess(emitter::onSuccess)
                .onFailure(e -> emitter.tryOnError(inWords(e)))));
    }

    /** Runs this on the subscriber's context, to which the connection that it opens then belongs. */
    private void onContext(Runnable action) {
        vertx.getOrCreateContext().runOnContext(v -> action.run());
    }

    private Future<JsonRpcConnection> open(JsonRpcPeer peer) {
        if (connections.incrementAndGet() > CONNECTIONS_MAX) {
            connections.decrementAndGet();
            return Future.failedFuture(new BridgeException(
                    Reason.UNAVAILABLE,
                    "the agent has " + CONNECTIONS_MAX + " connections to the database for its callers already; end a "
                            + "monitor, or try again"));
        }
        JsonRpcSettings settings = new JsonRpcSettings(vertx, LIMITS, budget, true);
        return sockets.connect(address)
                .map(socket -> new JsonRpcConnection(settings, socket, counted(peer)))
                .onFailure(e -> connections.decrementAndGet());
    }

    private JsonRpcPeer counted(JsonRpcPeer peer) {
        return new JsonRpcPeer() {
            @Override
            public void notified(String method, JsonArray params) {
                peer.notified(method, params);
            }

            @Override
            public void ended(JsonRpcException why) {
                connections.decrementAndGet();
                peer.ended(why);
            }
        };
    }

    private static <T> T decoded(String text, String what, Function<String, T> decoder) {
        if (text.length() > REQUEST_CHARS_MAX) {
            throw new BridgeException(
                    Reason.INVALID,
                    "the request is longer than " + REQUEST_CHARS_MAX + " characters; make several of it");
        }
        try {
            return decoder.apply(text);
        } catch (DecodeException e) {
            throw new BridgeException(Reason.INVALID, "the request is not " + what + ": " + e.getMessage(), e);
        }
    }

    private BridgeException inWords(Throwable failure) {
        if (failure instanceof BridgeException known) {
            return known;
        }
        String message = String.valueOf(failure.getMessage());
        if (!(failure instanceof JsonRpcException e)) {
            return new BridgeException(
                    Reason.UNAVAILABLE,
                    "cannot reach Open vSwitch's database: " + message
                            + "; start Open vSwitch (systemctl start openvswitch-switch)",
                    failure);
        }
        // The end of a connection fails its calls with its own reason as their cause.
        JsonRpcException why = e.getCause() instanceof JsonRpcException cause ? cause : e;
        return switch (why.reason()) {
            case ERROR_ANSWERED ->
                new BridgeException(Reason.INVALID, "ovsdb-server refused the request: " + message, e);
            case MALFORMED, OVERLOADED ->
                new BridgeException(Reason.REFUSED, message + "; ask for fewer tables, columns or rows at a time", e);
            case CLOSED, TIMED_OUT ->
                new BridgeException(
                        Reason.UNAVAILABLE,
                        message + "; the request may have been carried out: look before you repeat it",
                        e);
        };
    }
}
