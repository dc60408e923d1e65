// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.jsonrpc.JsonRpcConnection;
import org.opdbus.verticles.jsonrpc.JsonRpcException;
import org.opdbus.verticles.jsonrpc.JsonRpcPeer;
import org.opdbus.verticles.jsonrpc.JsonRpcSettings;
import org.opdbus.verticles.limits.Backoff;
import org.opdbus.verticles.ovsdb.OvsdbException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection to ovsdb-server, with a monitor on it, while it is started. All calls belong
 * to the context that starts it.
 */
public final class OvsdbClient {
    private static final Logger LOG = LoggerFactory.getLogger(OvsdbClient.class);
    private static final String MONITOR = "op-dbus";

    private final Vertx vertx;
    private final OvsdbOptions options;
    private final Backoff retry;
    private final Listener listener;
    /**
     * Kept in a field, because the garbage collector closes an unreferenced client with its
     * connections.
     */
    private final NetClient sockets;

    private @Nullable JsonRpcConnection connection;
    private boolean listed;
    private boolean lossSaid;
    private boolean stopped;
    private int failures;
    private long timer = -1;
    private long messagesAtLastProbe;

    /** Receives what the connection delivers, on the client's context. */
    public interface Listener {
        /**
         * Returns what a new connection is to monitor: the object of monitor requests. It may ask the server first.
         *
         * @param limit how long an answer may take
         */
        Future<JsonObject> requests(JsonRpcConnection opened, Duration limit);

        /** All rows that exist. Earlier rows are out of date. */
        void listed(JsonObject tables);

        /** The changes that one transaction made. */
        void changed(JsonObject tables);

        /**
         * Nothing arrives until the next listing. Called once per loss, and once if the server is
         * unreachable at the start.
         */
        void lost(String reason);
    }

    /** Creates a client that connects when it is started. */
    public OvsdbClient(Vertx vertx, OvsdbOptions options, Listener listener) {
        this.vertx = vertx;
        this.options = options;
        retry = new Backoff(
                options.reconnectDelayMin().toMillis(),
                options.reconnectDelayMax().toMillis());
        this.listener = listener;
        sockets = vertx.createNetClient(new NetClientOptions()
                .setConnectTimeout((int) options.callLimit().toMillis()));
    }

    /** Begins to connect, and to connect again after every loss. */
    public void start() {
        connect();
    }

    /** Ends the connection; the listener receives nothing more. */
    public Future<Void> stop() {
        stopped = true;
        vertx.cancelTimer(timer);
        if (connection != null) {
            connection.close("the agent is stopping");
        }
        return sockets.close();
    }

    /** Carries out a transaction. Without a connection it fails at once and sends nothing. */
    Future<JsonArray> transact(Transaction transaction) {
        if (connection == null || !listed) {
            return Future.failedFuture(new OvsdbException(
                    Reason.UNAVAILABLE,
                    "cannot reach Open vSwitch's database at " + options.socket() + "; is ovsdb-server running?"));
        }
        JsonRpcConnection asked = connection;
        return asked.call("transact", transaction.params(), options.callLimit())
                .map(answer -> {
                    JsonArray results = (JsonArray) answer;
                    transaction.check(results);
                    return results;
                })
                .recover(e -> {
                    if (!(e instanceof OvsdbException || e instanceof JsonRpcException)) {
                        asked.close(nonsense(e));
                    }
                    return Future.failedFuture(translated(e));
                });
    }

    private static String nonsense(Throwable failure) {
        return "ovsdb-server's answer is not valid: " + failure.getMessage();
    }

    private void connect() {
        SocketAddress address =
                SocketAddress.domainSocketAddress(options.socket().toString());
        sockets.connect(address).onSuccess(this::connected).onFailure(e -> retry(String.valueOf(e.getMessage())));
    }

    private void connected(NetSocket socket) {
        if (stopped) {
            socket.close().onFailure(e -> LOG.debug("closing a connection failed: {}", e.toString()));
            return;
        }
        JsonRpcConnection opened = new JsonRpcConnection(JsonRpcSettings.client(vertx), socket, new Peer());
        connection = opened;
        listener.requests(opened, options.callLimit())
                .compose(requests -> opened.call(
                        "monitor_cond", JsonArray.of("Open_vSwitch", MONITOR, requests), options.callLimit()))
                .onSuccess(tables -> begin(opened, tables))
                .onFailure(e -> opened.close(String.valueOf(e.getMessage())));
    }

    /** An invalid answer ends the connection; the next attempt follows after a pause. */
    private void begin(JsonRpcConnection opened, Object tables) {
        listed = true;
        try {
            listener.listed((JsonObject) tables);
        } catch (RuntimeException e) {
            opened.close(nonsense(e));
            return;
        }
        if (lossSaid) {
            lossSaid = false;
            LOG.info("connected to Open vSwitch's database: socket={}", options.socket());
        }
        messagesAtLastProbe = -1;
        timer = vertx.setTimer(options.probeInterval().toMillis(), t -> probe());
    }

    /**
     * Sends a probe to a server that has been silent, and closes the connection if no answer comes.
     */
    private void probe() {
        JsonRpcConnection probed = connection;
        if (probed == null) {
            return;
        }
        // A pause here too: otherwise a server that lists and then sends invalid data would be
        // asked for everything again at once.
        failures = 0;
        timer = vertx.setTimer(options.probeInterval().toMillis(), t -> probe());
        if (probed.messagesReceived() == messagesAtLastProbe) {
            probed.call("echo", new JsonArray(), options.callLimit())
                    .onFailure(e -> probed.close("ovsdb-server is silent: " + e.getMessage()));
        }
        messagesAtLastProbe = probed.messagesReceived();
    }

    private void retry(String reason) {
        connection = null;
        listed = false;
        if (stopped) {
            return;
        }
        if (lossSaid) {
            LOG.debug("still no connection to Open vSwitch's database: {}", reason);
        } else {
            lossSaid = true;
            // The journal logs the fact that follows.
            listener.lost("cannot reach Open vSwitch's database, trying again: " + reason);
        }
        vertx.cancelTimer(timer);
        timer = vertx.setTimer(retry.delayMs(++failures), t -> connect());
    }

    private static OvsdbException translated(Throwable failure) {
        if (failure instanceof OvsdbException known) {
            return known;
        }
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof JsonRpcException e) {
            Reason reason = switch (e.reason()) {
                case OVERLOADED -> Reason.UNAVAILABLE;
                case ERROR_ANSWERED -> Reason.REFUSED;
                case CLOSED, TIMED_OUT, MALFORMED -> Reason.UNKNOWN;
            };
            return new OvsdbException(reason, message, failure);
        }
        return new OvsdbException(Reason.UNKNOWN, nonsense(failure), failure);
    }

    private final class Peer implements JsonRpcPeer {
        @Override
        public void notified(String method, JsonArray params) {
            if (method.equals("update2")) {
                try {
                    listener.changed(params.getJsonObject(1));
                } catch (RuntimeException e) {
                    throw new JsonRpcException(
                            JsonRpcException.Reason.MALFORMED,
                            "ovsdb-server's update is not valid: " + e.getMessage(),
                            e);
                }
            }
        }

        @Override
        public void ended(JsonRpcException why) {
            retry(String.valueOf(why.getMessage()));
        }
    }
}
