// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A double of a Netmaker server: what it answers to hosts that register, authenticate, ask and remove themselves, and to
 * those who make keys. It keeps what it knows while it is down. A node is made only when {@link #approve} says so, or soon
 * if that is not wanted.
 *
 * <p>It speaks HTTPS at its port, and the same in plain HTTP at the next one, where netclient's double asks: the
 * containers' busybox cannot do better.
 */
public final class MeshServer implements AutoCloseable {
    static final String NAME = "nm.test";
    static final String NETWORK = "prod";

    private static final String KEYS = "/api/v1/enrollment-keys";

    /** Whose answers it gives. */
    enum Version {
        /** 1.5.0 and older. */
        UP_TO_1_5_0,
        /** 1.5.1 and later. */
        FROM_1_5_1
    }

    private final String ip;
    private final boolean plainToo;
    private final Map<String, Key> keys = new LinkedHashMap<>();
    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private final Map<String, String> passes = new LinkedHashMap<>();
    private final String credential = "master-" + UUID.randomUUID();
    private final List<String> secrets = new ArrayList<>(List.of(credential));
    private Version version = Version.FROM_1_5_1;
    private int port;
    private int registrations;
    private int keysMade;
    private int nextAddress = 1;
    private boolean approvalNeeded;
    private boolean keysRefused;
    private String apiName;
    private final List<HttpServer> servers = new ArrayList<>();
    private @Nullable ExecutorService threads;

    private static final class Key {
        int usesLeft;
        String tag = "";
    }

    private static final class Host {
        String password = "";
        String mac = "";
        String publicKey = "";
        String endpoint = "";
        String nodeId = "";
        String ip = "";
        Instant checkedIn = Instant.now();
        boolean pendingDelete;
        boolean approved;
    }

    /** A server on this address, which is up; port 0 lets the kernel choose, and then there is no port for netclient. */
    public MeshServer(String ip, int port) {
        this.ip = ip;
        this.port = port;
        plainToo = port != 0;
        apiName = ip;
        up();
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

    synchronized void version(Version of) {
        version = of;
    }

    /** The host and port of its API. */
    String api() {
        return ip + ":" + port;
    }

    /** From now on tokens lead to it by this name. */
    synchronized void name(String name) {
        apiName = name;
    }

    /** A new key of so many uses; its token. */
    public synchronized String token(int uses) {
        String value = newValue();
        grant(value, uses);
        return token(value);
    }

    private static String newValue() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    synchronized String token(String value) {
        String json = "{\"server\":\"" + apiName + ":" + port + "\",\"value\":\"" + value + "\"}";
        String token = Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
        secrets.add(value);
        secrets.add(token);
        return token;
    }

    private void grant(String value, int uses) {
        Key key = new Key();
        key.usesLeft = uses;
        keys.put(value, key);
    }

    /** Every token, key and credential that it has ever given away. */
    public synchronized List<String> secrets() {
        return List.copyOf(secrets);
    }

    /** What proves that its bearer may make keys. */
    public String credential() {
        return credential;
    }

    /** How many keys were made by those who proved that they may. */
    public synchronized int keysMade() {
        return keysMade;
    }

    /** How many keys it has that were made so. */
    public synchronized int madeKeysLeft() {
        return (int) keys.values().stream().filter(key -> !key.tag.isEmpty()).count();
    }

    /** From now on no key leads in, or those that lead in do again. */
    synchronized void refuseKeys(boolean refused) {
        keysRefused = refused;
    }

    synchronized void requireApproval(boolean needed) {
        approvalNeeded = needed;
    }

    synchronized void approve() {
        approvalNeeded = false;
        hosts.values().forEach(host -> host.approved = true);
    }

    /** The node of this host. */
    synchronized String nodeId(String hostId) {
        return Objects.requireNonNull(hosts.get(hostId)).nodeId;
    }

    /** When its hosts have checked in last. */
    synchronized void checkedIn(Instant at) {
        hosts.values().forEach(host -> host.checkedIn = at);
    }

    /** Whether its nodes are about to be deleted. */
    synchronized void pendingDelete(boolean pending) {
        hosts.values().forEach(host -> host.pendingDelete = pending);
    }

    /** How many hosts it knows. */
    public synchronized int hosts() {
        return hosts.size();
    }

    /** How often a registration was tried. */
    public synchronized int registrations() {
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
        String bearer = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("")
                .replaceFirst("^Bearer ", "");
        if (method.equals("POST") && path.startsWith("/api/v1/host/register/")) {
            return register(path.substring("/api/v1/host/register/".length()), body);
        }
        if (method.equals("POST") && path.equals("/api/hosts/adm/authenticate")) {
            return authenticate(new JsonObject(body));
        }
        if (method.equals("DELETE") && path.startsWith("/api/hosts/")) {
            return delete(
                    path.substring("/api/hosts/".length()),
                    bearer,
                    "force=true".equals(exchange.getRequestURI().getQuery()));
        }
        if (method.equals("GET") && path.startsWith("/api/nodes/")) {
            return node(path.split("/", -1)[4], bearer);
        }
        if (method.equals("GET") && path.equals("/api/v1/pending_hosts")) {
            return bearer.equals(credential) ? pending() : Answer.error(401, "unauthorized");
        }
        if (path.startsWith(KEYS)) {
            return bearer.equals(credential)
                    ? keys(method, path.substring(KEYS.length()), body)
                    : Answer.error(401, "unauthorized");
        }
        if (method.equals("GET") && path.startsWith("/double/hosts/")) {
            return configuration(path.substring("/double/hosts/".length()));
        }
        return Answer.error(404, "not found");
    }

    private Answer keys(String method, String path, String body) {
        if (method.equals("GET")) {
            JsonArray all = new JsonArray();
            keys.forEach((value, key) -> all.add(key(value, key)));
            return new Answer(200, all.encode());
        }
        if (method.equals("DELETE")) {
            return keys.remove(path.substring(1)) == null
                    ? Answer.error(500, "unable to delete enrollment key")
                    : new Answer(200, "");
        }
        JsonObject wanted = new JsonObject(body);
        String tag = wanted.getJsonArray("tags", new JsonArray().add("")).getString(0);
        if (tag.length() < 3 || tag.length() > 32) {
            return Answer.error(400, "key names must be 3 to 32 characters");
        }
        if (keys.values().stream().anyMatch(key -> key.tag.equals(tag))) {
            return Answer.error(400, "key names must be unique");
        }
        if (!wanted.getJsonArray("networks").contains(NETWORK)) {
            return Answer.error(400, "no such network");
        }
        String value = newValue();
        grant(value, wanted.getInteger("uses_remaining"));
        Key key = Objects.requireNonNull(keys.get(value));
        key.tag = tag;
        keysMade++;
        return new Answer(200, key(value, key).encode());
    }

    private Answer pending() {
        JsonArray pending = new JsonArray();
        hosts.forEach((id, host) -> {
            if (!host.approved) {
                pending.add(
                        new JsonObject().put("id", "p-" + id).put("host_id", id).put("network", NETWORK));
            }
        });
        return new Answer(
                200, new JsonObject().put("Code", 200).put("Response", pending).encode());
    }

    private JsonObject key(String value, Key key) {
        return new JsonObject()
                .put("expiration", "0001-01-01T00:00:00Z")
                .put("uses_remaining", key.usesLeft)
                .put("value", value)
                .put("networks", new JsonArray().add(NETWORK))
                .put("unlimited", false)
                .put("tags", new JsonArray().add(key.tag))
                .put("token", token(value))
                .put("type", 2);
    }

    private Answer register(String token, String body) {
        registrations++;
        String value = new JsonObject(new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8))
                .getString("value");
        Key key = keys.get(value);
        if (key == null) {
            return Answer.error(400, "no enrollmentkey found");
        }
        if (keysRefused || key.usesLeft <= 0) {
            return Answer.error(400, "invalid enrollment key");
        }
        key.usesLeft--;
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
        host.endpoint = given.getString("endpointip") + ":51821";
        host.approved = !approvalNeeded;
        return new Answer(
                200,
                "{\"server_config\":{\"API\":\"" + apiName + ":" + port + "\",\"Server\":\"" + NAME
                        + "\"},\"requested_host\":{\"id\":\"" + given.getString("id") + "\"}}");
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

    private Answer delete(String id, String pass, boolean force) {
        boolean allowed = pass.equals(credential)
                || (version == Version.UP_TO_1_5_0 ? passes.containsKey(pass) : id.equals(passes.get(pass)));
        if (!allowed) {
            return Answer.error(401, "unauthorized");
        }
        if (!force && hosts.containsKey(id)) {
            return Answer.error(500, "host still has associated nodes");
        }
        if (hosts.remove(id) == null) {
            return Answer.error(500, version == Version.UP_TO_1_5_0 ? "no result found" : "record not found");
        }
        return new Answer(
                200,
                version == Version.UP_TO_1_5_0
                        ? "{\"id\":\"" + id + "\"}"
                        : "{\"Code\":200,\"Message\":\"deleted host\",\"Response\":{\"id\":\"" + id + "\"}}");
    }

    private Answer node(String nodeId, String pass) {
        if (!passes.containsKey(pass)) {
            return Answer.error(401, "unauthorized");
        }
        return hosts.values().stream()
                .filter(host -> host.nodeId.equals(nodeId))
                .findFirst()
                .map(host -> new Answer(
                        200,
                        "{\"node\":{\"id\":\"" + nodeId + "\",\"connected\":true,\"pendingdelete\":"
                                + host.pendingDelete + ",\"lastcheckin\":\"" + host.checkedIn + "\"}}"))
                .orElseGet(() -> Answer.error(500, "no result found"));
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
