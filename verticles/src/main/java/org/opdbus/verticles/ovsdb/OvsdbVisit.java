// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.opdbus.verticles.bus.VertxSettings;
import org.opdbus.verticles.jsonrpc.JsonRpcConnection;
import org.opdbus.verticles.jsonrpc.JsonRpcException;
import org.opdbus.verticles.jsonrpc.JsonRpcPeer;
import org.opdbus.verticles.jsonrpc.JsonRpcSettings;
import org.opdbus.verticles.ovsdb.OvsdbException.Reason;

/**
 * A short visit to Open vSwitch's database by a program that is not the agent: it reads, and can
 * remove unused ports. Every method waits for its answer, at most for {@link
 * OvsdbOptions#callLimit}, and throws {@link OvsdbException}; do not call one on an event loop.
 */
public final class OvsdbVisit implements AutoCloseable {
    /**
     * The lock that ovs-vswitchd holds while it runs, so that only one instance runs
     * (ovs-vswitchd(8)).
     */
    private static final String SWITCH_LOCK = "ovs_vswitchd";

    private final OvsdbOptions options;
    private final Vertx vertx;
    private final JsonRpcConnection connection;
    private final CompletableFuture<JsonRpcException> ended;
    /**
     * Kept in a field, because the garbage collector closes an unreferenced client with its
     * connections.
     */
    private final NetClient sockets;

    private OvsdbVisit(
            OvsdbOptions options,
            Vertx vertx,
            NetClient sockets,
            JsonRpcConnection connection,
            CompletableFuture<JsonRpcException> ended) {
        this.options = options;
        this.vertx = vertx;
        this.sockets = sockets;
        this.connection = connection;
        this.ended = ended;
    }

    /**
     * Connects.
     *
     * @throws OvsdbException UNAVAILABLE, with the system's reason
     */
    public static OvsdbVisit open(OvsdbOptions options) {
        Vertx vertx = Vertx.vertx(VertxSettings.common()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setPreferNativeTransport(true));
        NetClient sockets = vertx.createNetClient(new NetClientOptions()
                .setConnectTimeout((int) options.callLimit().toMillis()));
        SocketAddress address =
                SocketAddress.domainSocketAddress(options.socket().toString());
        CompletableFuture<JsonRpcException> ended = new CompletableFuture<>();
        Future<JsonRpcConnection> connecting = sockets.connect(address).map(socket -> take(vertx, socket, ended));
        try {
            return new OvsdbVisit(options, vertx, sockets, await(connecting, options), ended);
        } catch (OvsdbException e) {
            end(vertx);
            throw new OvsdbException(
                    Reason.UNAVAILABLE,
                    "cannot reach Open vSwitch's database at " + options.socket() + ": " + e.getMessage(),
                    e);
        }
    }

    private static JsonRpcConnection take(Vertx vertx, NetSocket socket, CompletableFuture<JsonRpcException> ended) {
        JsonRpcPeer peer = new JsonRpcPeer() {
            @Override
            public void ended(JsonRpcException why) {
                ended.complete(why);
            }
        };
        return new JsonRpcConnection(JsonRpcSettings.client(vertx), socket, peer);
    }

    /**
     * Stays connected for this long; returns true as soon as ovsdb-server has ended the connection.
     */
    public boolean endsWithin(Duration time) {
        try {
            ended.get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the connection's end cannot be a failure", e);
        }
    }

    /** Returns the content of the database at one moment. */
    public Survey look() {
        JsonArray results = transact(SurveyReader.question());
        try {
            return SurveyReader.read(results);
        } catch (RuntimeException e) {
            throw new OvsdbException(Reason.UNKNOWN, "ovsdb-server's answer is not valid: " + e.getMessage(), e);
        }
    }

    /** Returns whether an ovs-vswitchd that serves this database runs; it may still hang. */
    public boolean isSwitchRunning() {
        JsonArray lock = JsonArray.of(SWITCH_LOCK);
        return ask(rpc -> rpc.call("lock", lock, options.callLimit())
                .compose(answer -> rpc.call("unlock", lock, options.callLimit())
                        .map(!((JsonObject) answer).getBoolean("locked", false))));
    }

    /**
     * Removes these ports: all of them, or none if one has changed since it was read.
     *
     * @throws OvsdbException CONFLICT if one has changed since
     */
    public void remove(Collection<Survey.SeenPort> ports) {
        transact(SurveyReader.removal(ports));
    }

    private JsonArray transact(Transaction transaction) {
        return ask(rpc -> rpc.call("transact", transaction.params(), options.callLimit())
                .map(answer -> {
                    JsonArray results = (JsonArray) answer;
                    transaction.check(results);
                    return results;
                }));
    }

    /** Sends the request on the connection's own thread. */
    private <T> T ask(Function<JsonRpcConnection, Future<T>> question) {
        Promise<T> answered = Promise.promise();
        vertx.runOnContext(v -> question.apply(connection).onComplete(answered));
        return await(answered.future(), options);
    }

    private static <T> T await(Future<T> answer, OvsdbOptions options) {
        CompletableFuture<T> waiting = answer.toCompletionStage().toCompletableFuture();
        try {
            return waiting.get(2 * options.callLimit().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw translated(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new OvsdbException(Reason.UNKNOWN, "ovsdb-server did not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OvsdbException(Reason.UNKNOWN, "interrupted while waiting for ovsdb-server", e);
        }
    }

    private static OvsdbException translated(Throwable failure) {
        if (failure instanceof OvsdbException known) {
            return known;
        }
        Reason reason = failure instanceof JsonRpcException refused
                        && refused.reason() == JsonRpcException.Reason.ERROR_ANSWERED
                ? Reason.REFUSED
                : Reason.UNKNOWN;
        return new OvsdbException(reason, String.valueOf(failure.getMessage()), failure);
    }

    private static void end(Vertx vertx) {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Override
    public void close() {
        vertx.runOnContext(v -> connection.close("the connection is closed already"));
        sockets.close().toCompletionStage().toCompletableFuture().join();
        end(vertx);
    }
}
