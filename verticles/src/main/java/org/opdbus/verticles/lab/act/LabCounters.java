// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.act;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.opdbus.verticles.jsonrpc.JsonRpcConnection;
import org.opdbus.verticles.jsonrpc.JsonRpcPeer;
import org.opdbus.verticles.jsonrpc.JsonRpcSettings;
import org.opdbus.verticles.jsonrpc.OvsdbSelect;
import org.opdbus.verticles.lab.definition.LabNames;

/**
 * What the endpoints of a lab have sent and received, as counted by its Open vSwitch ({@code Interface.statistics},
 * ovs-vswitchd.conf.db(5)). ovs-vswitchd writes all counters every 5 seconds, so the agent does not monitor them: it reads them in one
 * transaction of a connection of its own when a caller asks.
 *
 * <p>The names say what the machine behind the endpoint did: {@code sent_packets} are those that the switch received from it, its
 * {@code rx_packets}. A counter that the switch does not have is left out.
 */
public final class LabCounters {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** The names by those of the switch, which receives what the machine sends. */
    private static final Map<String, String> NAMES = Map.of(
            "rx_packets", "sent_packets",
            "rx_bytes", "sent_bytes",
            "rx_dropped", "sent_dropped",
            "rx_errors", "sent_errors",
            "tx_packets", "received_packets",
            "tx_bytes", "received_bytes",
            "tx_dropped", "received_dropped",
            "tx_errors", "received_errors");

    private static final JsonArray QUESTION =
            JsonArray.of("Open_vSwitch", OvsdbSelect.all("Interface", "name", "statistics"));

    private LabCounters() {}

    /**
     * Reads the counters of every endpoint, by the name of its port. It fails if the database does not answer within
     * some seconds.
     *
     * @param loop has the messages
     * @param socket the socket of the lab's ovsdb-server
     */
    public static Single<Map<String, Map<String, Long>>> read(Context loop, Path socket) {
        return Single.create(emitter -> loop.runOnContext(now -> {
            NetClient sockets =
                    loop.owner().createNetClient(new NetClientOptions().setConnectTimeout((int) LIMIT.toMillis()));
            ask(loop.owner(), sockets, socket)
                    .map(LabCounters::counters)
                    .onComplete(answer -> sockets.close())
                    .onSuccess(emitter::onSuccess)
                    .onFailure(e -> emitter.tryOnError(
                            new LabActFailure("could not read the counters of the lab: " + e.getMessage(), e)));
        }));
    }

    private static Future<Object> ask(Vertx vertx, NetClient sockets, Path socket) {
        return sockets.connect(SocketAddress.domainSocketAddress(socket.toString()))
                .compose(connected -> new JsonRpcConnection(
                                JsonRpcSettings.client(vertx), connected, new JsonRpcPeer() {})
                        .call("transact", QUESTION, LIMIT));
    }

    /** Returns the counters in the answer to the question. */
    static Map<String, Map<String, Long>> counters(Object answer) {
        Map<String, Map<String, Long>> counters = new TreeMap<>();
        if (answer instanceof JsonArray results
                && results.getValue(0) instanceof JsonObject result
                && result.getValue("rows") instanceof JsonArray rows) {
            rows.forEach(row -> {
                JsonObject link = (JsonObject) row;
                String name = link.getString("name");
                if (LabNames.isEndpoint(name)) {
                    counters.put(name, named(link.getJsonArray("statistics")));
                }
            });
            return counters;
        }
        throw new LabActFailure("ovsdb-server answered " + answer);
    }

    private static Map<String, Long> named(JsonArray statistics) {
        Map<String, Long> named = new TreeMap<>();
        statistics.getJsonArray(1).forEach(pair -> {
            String name = NAMES.get(((JsonArray) pair).getString(0));
            if (name != null) {
                named.put(name, ((JsonArray) pair).getLong(1));
            }
        });
        return named;
    }
}
