// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.enroll.netmaker.server.MeshRoutes.Answer;
import org.opdbus.verticles.enroll.netmaker.server.MeshRoutes.Request;
import org.opdbus.verticles.enroll.netmaker.server.MeshWorld.Host;
import org.opdbus.verticles.enroll.netmaker.server.MeshWorld.MeshKey;
import org.opdbus.verticles.enroll.netmaker.server.MeshWorld.Node;

/**
 * A double of a Netmaker server: {@link MeshWorld} is what it knows, {@link MeshRoutes} what it answers. It keeps what it
 * knows while it is down. A node is made at once, or only when {@link #approve} says so.
 *
 * <p>It speaks HTTPS at its port, and the same in plain HTTP at the next one, where netclient's double asks: the
 * containers' busybox cannot do better.
 */
public final class MeshServer implements AutoCloseable {
    public static final String NAME = "nm.test";
    public static final String NETWORK = "prod";

    /** Whose answers it gives. */
    public enum Version {
        /** 1.5.0 and older. */
        UP_TO_1_5_0,
        /** 1.5.1 and later. */
        FROM_1_5_1
    }

    private final MeshWorld world = new MeshWorld();
    private final MeshRoutes routes = new MeshRoutes(world);
    private final List<HttpServer> servers = new ArrayList<>();
    private final String ip;
    private final boolean plainToo;
    private int port;
    private @Nullable ExecutorService threads;

    /** A server on this address, which is up; port 0 lets the kernel choose, and then there is no port for netclient. */
    public MeshServer(String ip, int port) {
        this.ip = ip;
        this.port = port;
        plainToo = port != 0;
        up();
        world.api = api();
    }

    /** The certificate by which it is known. */
    public static Path certificate() {
        return TestCertificate.pem();
    }

    /** Comes back. */
    public synchronized void up() {
        try {
            ExecutorService executor = Executors.newCachedThreadPool();
            HttpsServer https = HttpsServer.create(new InetSocketAddress(ip, port), 50);
            https.setHttpsConfigurator(new HttpsConfigurator(TestCertificate.serverContext()));
            port = https.getAddress().getPort();
            servers.add(https);
            if (plainToo) {
                servers.add(HttpServer.create(new InetSocketAddress(ip, port + 1), 50));
            }
            for (HttpServer server : servers) {
                server.setExecutor(executor);
                server.createContext("/", this::handle);
                server.start();
            }
            threads = executor;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Goes away, and keeps what it knows. */
    public synchronized void down() {
        servers.forEach(server -> server.stop(0));
        servers.clear();
        ExecutorService executor = threads;
        if (executor != null) {
            executor.shutdownNow();
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Answer answer = answer(new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse(""),
                    Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                            .orElse("")
                            .replaceFirst("^Bearer ", ""),
                    body));
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.code(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    public synchronized Answer answer(Request request) {
        return routes.answer(request);
    }

    /** Changes or reads what it knows, while nothing else does. */
    public synchronized void change(Consumer<MeshWorld> change) {
        change.accept(world);
    }

    public synchronized void version(Version of) {
        world.version = of;
    }

    /** The host and port of its API. */
    public String api() {
        return ip + ":" + port;
    }

    /** From now on tokens lead to it by this name. */
    public synchronized void name(String name) {
        world.api = name + ":" + port;
    }

    /** A new key of so many uses; its token. */
    public synchronized String token(int uses) {
        String value = MeshWorld.newValue();
        world.keys.put(value, new MeshKey(List.of(NETWORK), uses));
        return world.token(value);
    }

    public synchronized String token(String value) {
        return world.token(value);
    }

    /** Every token, key and credential that it has ever given away. */
    public synchronized List<String> secrets() {
        return List.copyOf(world.secrets);
    }

    /** What proves that its bearer may make keys. */
    public String credential() {
        return world.accessToken;
    }

    /** How many keys were made by those who proved that they may. */
    public synchronized int keysMade() {
        return world.keysMade;
    }

    /** How many keys it has that were made so. */
    public synchronized int madeKeysLeft() {
        return (int)
                world.keys.values().stream().filter(key -> !key.tag.isEmpty()).count();
    }

    /** From now on no key leads in, or those that lead in do again. */
    public synchronized void refuseKeys(boolean refused) {
        world.keysRefused = refused;
    }

    public synchronized void requireApproval(boolean needed) {
        world.approvalNeeded = needed;
    }

    public synchronized void approve() {
        world.approvalNeeded = false;
        world.hosts.values().forEach(host -> {
            world.place(host, host.awaited);
            host.awaited = List.of();
        });
    }

    /** An administrator deletes every node of this host; the host stays. */
    public synchronized void deleteNodes(String hostId) {
        Objects.requireNonNull(world.hosts.get(hostId)).nodes.clear();
    }

    /** An administrator deletes this host; the netclients of its peers go on listing it. */
    public synchronized void deleteHost(String hostId) {
        world.lingering.add(Objects.requireNonNull(world.hosts.remove(hostId)));
    }

    /** The netclients of the peers of deleted hosts forget them. */
    public synchronized void forgetDeleted() {
        world.lingering.clear();
    }

    /** The ids of its hosts, in the order in which they came. */
    public synchronized List<String> hostIds() {
        return List.copyOf(world.hosts.keySet());
    }

    /** The node of this host. */
    public synchronized String nodeId(String hostId) {
        return Objects.requireNonNull(world.hosts.get(hostId)).nodes.values().stream()
                .findFirst()
                .orElseThrow()
                .id;
    }

    /** When its hosts have checked in last. */
    public synchronized void checkedIn(Instant at) {
        nodes(node -> node.checkedIn = at);
    }

    /** Whether its nodes are about to be deleted. */
    public synchronized void pendingDelete(boolean pending) {
        nodes(node -> node.pendingDelete = pending);
    }

    private void nodes(Consumer<Node> change) {
        world.hosts.values().stream().map(host -> host.nodes.values()).forEach(all -> all.forEach(change));
    }

    /** How many hosts it knows. */
    public synchronized int hosts() {
        return world.hosts.size();
    }

    /** How many of its hosts have a node. */
    public synchronized int nodes() {
        return (int) world.hosts.values().stream()
                .filter((Host host) -> !host.nodes.isEmpty())
                .count();
    }

    /** How often a registration was tried. */
    public synchronized int registrations() {
        return world.registrations;
    }

    @Override
    public void close() {
        down();
    }
}
