// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.opdbus.events.Link;
import org.opdbus.verticles.driver.engine.EngineConnection;

/**
 * Docker, asked over its socket: the bridges of its networks, and the links on them that have a name as Docker gives and belong
 * to no container of LXC.
 */
final class DockerReader implements OwnershipReader {
    private static final String SOCKET = "/run/docker.sock";
    private static final String BRIDGE_NAME = "com.docker.network.bridge.name";
    private static final int ANSWER_BYTES_MAX = 4 << 20;
    private static final int ID_SHOWN = 12;
    /** libnetwork's prefix and seven random digits. */
    private static final Pattern VETH = Pattern.compile("veth[0-9a-f]{7}");

    private final Vertx vertx;
    private final Path socket;
    private final Duration limit;

    DockerReader(Vertx vertx, OwnershipSources sources) {
        this.vertx = vertx;
        socket = sources.root().resolve(SOCKET.substring(1));
        limit = sources.answer();
    }

    @Override
    public String subject() {
        return "Docker";
    }

    @Override
    public Single<Findings> read(HostLinks host) {
        if (!Files.exists(socket)) {
            return Single.just(Findings.NONE);
        }
        return networks().map(networks -> new Findings(claims(networks, host), List.of()));
    }

    private Single<JsonArray> networks() {
        return Single.create(emitter -> {
            Context loop = vertx.getOrCreateContext();
            loop.runOnContext(begin -> {
                EngineConnection engine =
                        new EngineConnection(vertx, socket, new EngineConnection.Limits(limit, limit, 1));
                emitter.setCancellable(() -> loop.runOnContext(cancelled -> engine.close()));
                engine.negotiate()
                        .compose(agreed -> engine.get(
                                "/networks", answer -> EngineConnection.successful(answer, ANSWER_BYTES_MAX)))
                        .map(DockerReader::array)
                        .onComplete(emitter::onSuccess, emitter::tryOnError);
            });
        });
    }

    private static JsonArray array(Buffer body) {
        try {
            return body.toJsonArray();
        } catch (DecodeException | ClassCastException e) {
            throw new IllegalStateException("the answer is no list of networks", e);
        }
    }

    static List<Claim> claims(JsonArray networks, HostLinks host) {
        Map<String, Link> links = host.byName();
        Map<Integer, String> bridges = new HashMap<>();
        List<Claim> claims = new ArrayList<>();
        for (Object each : networks) {
            if (each instanceof JsonObject network && "bridge".equals(network.getValue("Driver"))) {
                Optional.ofNullable(links.get(bridge(network))).ifPresent(link -> {
                    String name = text(network, "Name");
                    bridges.put(link.index(), name);
                    claims.add(new Claim(
                            link.name().value(),
                            Owner.DOCKER,
                            "network " + name,
                            SOCKET + ": network " + shortId(network)));
                });
            }
        }
        for (Link link : host.links()) {
            String network = bridges.get(link.master());
            if (network != null
                    && VETH.matcher(link.name().value()).matches()
                    && !host.containers().containsKey(link.index())) {
                claims.add(new Claim(
                        link.name().value(),
                        Owner.DOCKER,
                        "a container's link in network " + network,
                        "its name, and its bridge, which is Docker's"));
            }
        }
        return claims;
    }

    /** Docker names the bridge after the network's id, unless an option names it. */
    private static String bridge(JsonObject network) {
        String named = network.getValue("Options") instanceof JsonObject options ? text(options, BRIDGE_NAME) : "";
        return named.isEmpty() ? "br-" + shortId(network) : named;
    }

    private static String shortId(JsonObject network) {
        String id = text(network, "Id");
        return id.substring(0, Math.min(ID_SHOWN, id.length()));
    }

    private static String text(JsonObject json, String key) {
        return json.getValue(key) instanceof String text ? text : "";
    }
}
