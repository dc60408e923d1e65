// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A double of a Netmaker server: what it answers to hosts that register, authenticate and remove themselves. It keeps what
 * it knows while it is down. A node is made only when {@link #approve} says so, or at once if that is not wanted.
 */
public final class MeshServer implements AutoCloseable {
    static final String NAME = "nm.test";
    static final String NETWORK = "prod";

    private final InetSocketAddress address;
    private final Map<String, Integer> usesLeft = new LinkedHashMap<>();
    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private final Map<String, String> passes = new LinkedHashMap<>();
    private int registrations;
    private int nextAddress = 1;
    private boolean approvalNeeded;
    private @Nullable HttpServer http;
    private @Nullable ExecutorService threads;

    private static final class Host {
        String password = "";
        String mac = "";
        String publicKey = "";
        String endpoint = "";
        String nodeId = "";
        String ip = "";
        boolean approved;
    }

    /** A server on this address, which is up. */
    public MeshServer(String ip, int port) {
        address = new InetSocketAddress(ip, port);
        up();
    }

    /** Comes back. */
    public synchronized void up() {
        try {
            HttpServer server = HttpServer.create(address, 50);
            ExecutorService executor = Executors.newCachedThreadPool();
            server.setExecutor(executor);
            server.createContext("/", this::handle);
            server.start();
            http = server;
            threads = executor;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Goes away, and keeps what it knows. */
    public synchronized void down() {
        HttpServer server = http;
        if (server != null) {
            server.stop(0);
        }
        ExecutorService executor = threads;
        if (executor != null) {
            executor.shutdownNow();
        }
        http = null;
    }

    /** A new key of so many uses; its token. */
    public synchronized String token(int uses) {
        String value = UUID.randomUUID().toString().replace("-", "");
        usesLeft.put(value, uses);
        return token(value);
    }

    String token(String value) {
        String json = "{\"server\":\"" + address.getHostString() + ":" + address.getPort() + "\",\"value\":\"" + value
                + "\"}";
        return Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    /** Makes this the value of a key of so many uses. */
    synchronized void grant(String value, int uses) {
        usesLeft.put(value, uses);
    }

    synchronized void requireApproval(boolean needed) {
        approvalNeeded = needed;
    }

    synchronized void approve() {
        approvalNeeded = false;
        hosts.values().forEach(host -> host.approved = true);
    }

    /** How many hosts it knows. */
    public synchronized int hosts() {
        return hosts.size();
    }

    synchronized int registrations() {
        return registrations;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String path = exchange.getRequestURI().getPath();
            Answer answer = answer(exchange, path, body);
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.code(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private record Answer(int code, String body) {
        static Answer error(int code, String message) {
            return new Answer(code, "{\"Code\":" + code + ",\"Message\":\"" + message + "\",\"Response\":null}");
        }
    }

    private synchronized Answer answer(HttpExchange exchange, String path, String body) {
        String method = exchange.getRequestMethod();
        if (method.equals("POST") && path.startsWith("/api/v1/host/register/")) {
            return register(
                    path.substring("/api/v1/host/register/".length()),
                    body,
                    exchange.getRemoteAddress().getAddress().getHostAddress());
        }
        if (method.equals("POST") && path.equals("/api/hosts/adm/authenticate")) {
            return authenticate(new JsonObject(body));
        }
        if (method.equals("DELETE") && path.startsWith("/api/hosts/")) {
            return delete(
                    path.substring("/api/hosts/".length()),
                    exchange.getRequestHeaders().getFirst("Authorization"));
        }
        if (method.equals("GET") && path.startsWith("/double/hosts/")) {
            return configuration(path.substring("/double/hosts/".length()));
        }
        return Answer.error(404, "not found");
    }

    private Answer register(String token, String body, String from) {
        registrations++;
        String value = new JsonObject(new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8))
                .getString("value");
        Integer left = usesLeft.get(value);
        if (left == null) {
            return Answer.error(400, "no enrollmentkey found");
        }
        if (left <= 0) {
            return Answer.error(400, "invalid enrollment key");
        }
        usesLeft.put(value, left - 1);
        JsonObject given = new JsonObject(body);
        Host host = hosts.computeIfAbsent(given.getString("id"), id -> {
            Host made = new Host();
            made.nodeId = UUID.randomUUID().toString();
            made.ip = "100.64.0." + nextAddress++;
            return made;
        });
        host.password = given.getString("hostpass");
        host.mac = HexFormat.ofDelimiter(":").formatHex(Base64.getDecoder().decode(given.getString("macaddress")));
        host.publicKey = given.getString("publickey");
        host.endpoint = from + ":51821";
        host.approved = !approvalNeeded;
        return new Answer(
                200,
                "{\"server_config\":{\"API\":\"" + address.getHostString() + ":" + address.getPort()
                        + "\",\"Server\":\"" + NAME + "\"},\"requested_host\":{\"id\":\"" + given.getString("id")
                        + "\"}}");
    }

    private Answer authenticate(JsonObject given) {
        Host host = hosts.get(given.getString("id"));
        if (host == null) {
            return Answer.error(400, "host not found");
        }
        if (!host.password.equals(given.getString("password")) || !host.mac.equals(given.getString("macaddress"))) {
            return Answer.error(401, "incorrect password");
        }
        String pass = UUID.randomUUID().toString();
        passes.put(pass, given.getString("id"));
        return new Answer(
                200,
                "{\"Code\":200,\"Message\":\"authenticated\",\"Response\":{\"ID\":\"x\",\"AuthToken\":\"" + pass
                        + "\"}}");
    }

    private Answer delete(String id, @Nullable String authorization) {
        String pass = Optional.ofNullable(authorization).orElse("").replaceFirst("^Bearer ", "");
        if (!id.equals(passes.get(pass))) {
            return Answer.error(401, "unauthorized");
        }
        return hosts.remove(id) == null
                ? Answer.error(500, "record not found")
                : new Answer(200, "{\"Code\":200,\"Message\":\"deleted host\",\"Response\":{\"id\":\"" + id + "\"}}");
    }

    private Answer configuration(String id) {
        Host own = hosts.get(id);
        if (own == null) {
            return Answer.error(404, "gone");
        }
        StringBuilder lines = new StringBuilder("#\n");
        if (own.approved) {
            lines.append("node " + NETWORK + " " + own.nodeId + " " + own.ip + " 16 //8AAA==\n");
            hosts.forEach((other, host) -> {
                if (!other.equals(id) && host.approved) {
                    lines.append("peer " + host.publicKey + " " + host.endpoint + " " + host.ip + "\n");
                }
            });
        }
        return new Answer(200, lines.toString());
    }

    /** Puts netclient's double, as a file that can be executed, into a container's root. */
    public static void putNetclient(Path root) {
        Path program = root.resolve("usr/bin/netclient");
        try (InputStream script = MeshServer.class.getResourceAsStream("/netmaker/netclient")) {
            Path unfinished = program.resolveSibling("netclient.new");
            Files.write(unfinished, Objects.requireNonNull(script).readAllBytes());
            Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(unfinished, program);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        down();
    }
}
