// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.act;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.jsonrpc.JsonRpcConnection;
import org.opdbus.verticles.jsonrpc.JsonRpcException;
import org.opdbus.verticles.jsonrpc.JsonRpcPeer;
import org.opdbus.verticles.jsonrpc.JsonRpcSettings;
import org.opdbus.verticles.lab.plan.LabPicture.LanBridge;
import org.opdbus.verticles.lab.plan.SwitchChange;

/**
 * The Open vSwitch of one lab: one connection to its ovsdb-server, whose monitor keeps the rows up to date. Messages are handled on
 * the event loop that it is given; every other method waits, with a limit, so call none on an event loop. For one caller's thread.
 */
public final class LabSwitch implements AutoCloseable {
    private static final String DATABASE = "Open_vSwitch";
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Context loop;
    private final SocketAddress address;
    private final String datapath;
    private final Runnable changed;
    /** Kept in a field, because the garbage collector closes an unreferenced client with its connections. */
    private final NetClient sockets;

    private volatile LabRows rows = LabRows.NONE;
    private volatile @Nullable JsonRpcConnection connection;

    /**
     * Creates it; it connects when it is asked.
     *
     * @param loop has its messages
     * @param datapath the {@code datapath_type} of the bridges that it makes
     * @param changed called after each change of the rows and at the end of the connection, on the connection's context
     */
    public LabSwitch(Context loop, Path socket, String datapath, Runnable changed) {
        this.loop = loop;
        this.datapath = datapath;
        this.changed = changed;
        address = SocketAddress.domainSocketAddress(socket.toString());
        sockets = loop.owner().createNetClient(new NetClientOptions().setConnectTimeout((int) LIMIT.toMillis()));
    }

    /**
     * Returns the bridges as the monitor has told them.
     *
     * @param indices the indices of the links by name
     */
    public Map<String, LanBridge> bridges(Map<String, Integer> indices) {
        connected();
        return rows.bridges(indices);
    }

    /** Makes all the changes, or none. When it returns, the rows that the monitor told have them. */
    public void change(List<SwitchChange> changes) {
        JsonRpcConnection open = connected();
        JsonArray params = SwitchTransaction.of(changes, rows, datapath);
        // The server sends the updates of a transaction before its answer (RFC 7047 section 4.1.6).
        JsonArray results = (JsonArray) await(() -> open.call("transact", params, LIMIT), "change Open vSwitch's rows");
        for (Object result : results) {
            // An error can stand in any result, and in one more past the last (RFC 7047 section 4.1.3).
            if (result instanceof JsonObject object && object.getValue("error") != null) {
                throw new LabActFailure("ovsdb-server refused the change: " + object.getValue("error") + " "
                        + object.getString("details", ""));
            }
        }
    }

    private JsonRpcConnection connected() {
        JsonRpcConnection open = connection;
        if (open == null) {
            open = (JsonRpcConnection) await(this::open, "connect to the ovsdb-server of the lab");
        }
        if (!rows.hasRoot()) {
            throw new LabActFailure("the database of the lab has no root row yet");
        }
        return open;
    }

    private Future<Object> open() {
        Peer peer = new Peer();
        return sockets.connect(address).compose(socket -> {
            JsonRpcConnection open = new JsonRpcConnection(JsonRpcSettings.client(loop.owner()), socket, peer);
            return open.call("monitor", JsonArray.of(DATABASE, "lab", LabRows.REQUEST), LIMIT)
                    .map(listing -> {
                        rows = LabRows.NONE.fold((JsonObject) listing);
                        connection = open;
                        peer.current = true;
                        changed.run();
                        return (Object) open;
                    })
                    .onFailure(e -> open.close("there is no monitor"));
        });
    }

    /** Takes what one connection tells; an earlier one tells nothing any more. */
    private final class Peer implements JsonRpcPeer {
        private boolean current;

        @Override
        public void notified(String method, JsonArray params) {
            if (current && method.equals("update")) {
                rows = rows.fold(params.getJsonObject(1));
                changed.run();
            }
        }

        @Override
        public void ended(JsonRpcException why) {
            if (current) {
                current = false;
                connection = null;
                rows = LabRows.NONE;
                changed.run();
            }
        }
    }

    private interface Call {
        Future<Object> make();
    }

    private Object await(Call call, String attempt) {
        CompletableFuture<Object> result = new CompletableFuture<>();
        loop.runOnContext(v -> call.make().onSuccess(result::complete).onFailure(result::completeExceptionally));
        try {
            return result.get(2 * LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new LabActFailure("could not " + attempt + ": " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new LabActFailure("could not " + attempt + " within " + 2 * LIMIT.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabActFailure("could not " + attempt + ": the agent ends", e);
        }
    }

    /** Ends the connection. */
    @Override
    public void close() {
        sockets.close();
    }
}
