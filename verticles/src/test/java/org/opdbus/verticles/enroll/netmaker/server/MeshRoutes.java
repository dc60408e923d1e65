// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.server;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.enroll.netmaker.server.MeshServer.Version;
import org.opdbus.verticles.enroll.netmaker.server.MeshWorld.Host;
import org.opdbus.verticles.enroll.netmaker.server.MeshWorld.MeshKey;

/**
 * What the double of a Netmaker server answers, code by code as the real one of version 1.5.1 did; {@code TranscriptTest}
 * holds it to the recorded conversation. For servers up to 1.5.0 it answers what their source says.
 */
final class MeshRoutes {
    private static final String KEYS = "/api/v1/enrollment-keys";
    private static final String REGISTER = "/api/v1/host/register/";
    private static final String HOSTS = "/api/hosts/";

    private final MeshWorld world;

    MeshRoutes(MeshWorld world) {
        this.world = world;
    }

    /** A request. */
    record Request(String method, String path, String query, String bearer, String body) {
        boolean is(String wanted, String beginning) {
            return method.equals(wanted) && path.startsWith(beginning);
        }

        String after(String beginning) {
            return path.substring(beginning.length());
        }
    }

    /** An answer. */
    record Answer(int code, String body) {
        static Answer error(int code, String message) {
            return of(code, message, null);
        }

        static Answer of(int code, String message, @Nullable Object response) {
            return new Answer(
                    code,
                    new JsonObject()
                            .put("Code", code)
                            .put("Message", message)
                            .put("Response", response)
                            .encode());
        }

        static Answer ok(String body) {
            return new Answer(200, body);
        }
    }

    Answer answer(Request request) {
        if (world.badGateway) {
            return new Answer(502, "");
        }
        if (request.is("POST", REGISTER)) {
            return register(request.after(REGISTER), new JsonObject(request.body()));
        }
        if (request.is("POST", "/api/hosts/adm/authenticate")) {
            return authenticate(new JsonObject(request.body()));
        }
        if (request.is("GET", "/double/hosts/")) {
            return configuration(request.after("/double/hosts/"));
        }
        if (request.is("GET", "/api/v1/host") || request.is("GET", "/api/nodes/") || request.is("DELETE", HOSTS)) {
            return ofHost(request);
        }
        if (request.is("GET", HOSTS)) {
            return new Answer(405, "");
        }
        return isAdmin(request) ? ofAdmin(request) : Answer.error(401, "unauthorized");
    }

    private boolean isAdmin(Request request) {
        return request.bearer().equals(world.accessToken) || request.bearer().equals(world.masterKey);
    }

    private Answer ofAdmin(Request request) {
        if (request.path().equals("/api/v1/pending_hosts")) {
            return request.bearer().equals(world.masterKey)
                    ? Answer.error(401, "user identifiers not provided")
                    : pending(request.query().replace("network=", ""));
        }
        if (request.is("GET", "/api/networks")) {
            JsonArray networks = new JsonArray();
            world.networks.forEach(
                    name -> networks.add(new JsonObject().put("netid", name).put("addressrange", "100.64.0.0/16")));
            return Answer.ok(networks.encode());
        }
        return request.path().startsWith(KEYS) ? keys(request) : Answer.error(404, "not found");
    }

    private Answer keys(Request request) {
        if (request.method().equals("GET")) {
            JsonArray all = new JsonArray();
            world.keys.forEach((value, key) -> all.add(world.json(value, key)));
            return Answer.ok(all.encode());
        }
        if (request.method().equals("DELETE")) {
            if (world.keys.remove(request.after(KEYS + "/")) != null) {
                return Answer.ok("");
            }
            return world.version == Version.FROM_1_5_1
                    ? Answer.error(400, "no enrollmentkey found")
                    : Answer.error(500, "unable to delete enrollment key");
        }
        JsonObject wanted = new JsonObject(request.body());
        String tag = wanted.getJsonArray("tags", new JsonArray().add("")).getString(0);
        if (tag.length() < 3 || tag.length() > 32) {
            return Answer.error(400, "key names must be 3 to 32 characters");
        }
        if (world.keys.values().stream().anyMatch(key -> key.tag.equals(tag))) {
            return Answer.error(400, "key names must be unique");
        }
        // It makes keys for networks that it does not have, too.
        List<String> networks = world.networkOfKeys.isEmpty()
                ? wanted.getJsonArray("networks").stream()
                        .map(String.class::cast)
                        .toList()
                : List.of(world.networkOfKeys);
        MeshKey key = new MeshKey(networks, wanted.getInteger("uses_remaining"));
        key.tag = tag;
        String value = MeshWorld.newValue();
        world.keys.put(value, key);
        world.keysMade++;
        return Answer.ok(world.json(value, key).encode());
    }

    private Answer pending(String network) {
        JsonArray pending = new JsonArray();
        world.hosts.values().stream()
                .filter(host -> host.awaited.contains(network))
                .forEach(host -> pending.add(new JsonObject()
                        .put("id", "p-" + host.id)
                        .put("host_id", host.id)
                        .put("network", network)));
        return Answer.of(200, "returned pending hosts in " + network, pending);
    }

    private Answer register(String token, JsonObject given) {
        world.registrations++;
        String value = new JsonObject(new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8))
                .getString("value");
        MeshKey key = world.keys.get(value);
        if (key == null) {
            return Answer.error(400, "no enrollmentkey found");
        }
        if (world.keysRefused || key.usesLeft <= 0) {
            return Answer.error(400, "invalid enrollment key");
        }
        key.usesLeft--;
        Host host = world.hosts.computeIfAbsent(given.getString("id"), Host::new);
        host.name = given.getString("name", "");
        host.password = given.getString("hostpass");
        host.publicKey = publicKey(given.getValue("publickey"));
        host.endpoint = given.getString("endpointip") + ":51821";
        if (world.approvalNeeded) {
            host.awaited = key.networks;
        } else {
            world.place(host, key.networks);
        }
        JsonObject config = new JsonObject().put("API", world.api).put("Server", MeshServer.NAME);
        return Answer.ok(new JsonObject()
                .put("server_config", config)
                .put("requested_host", world.json(host))
                .encode());
    }

    /** Numbers from the real netclient, text from its double. */
    private static byte[] publicKey(Object given) {
        if (given instanceof JsonArray numbers) {
            byte[] bytes = new byte[numbers.size()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = numbers.getInteger(i).byteValue();
            }
            return bytes;
        }
        return given instanceof String text && text.length() == 44
                ? Base64.getDecoder().decode(text)
                : new byte[32];
    }

    /** The hardware address is not compared. */
    private Answer authenticate(JsonObject given) {
        Host host = world.hosts.get(given.getString("id"));
        if (host == null) {
            return Answer.error(400, "record not found");
        }
        if (!host.password.equals(given.getString("password"))) {
            return Answer.error(401, "unauthorized");
        }
        String pass = UUID.randomUUID().toString();
        world.passes.put(pass, host.id);
        return Answer.of(
                200,
                "W1R3: Host " + host.id + " Authorized",
                new JsonObject().put("ID", host.id).put("AuthToken", pass));
    }

    private Answer ofHost(Request request) {
        Optional<Host> own =
                Optional.ofNullable(world.passes.get(request.bearer())).map(world.hosts::get);
        if (request.method().equals("DELETE")) {
            return request.path().contains("/networks/") ? removeNode(request) : removeHost(request);
        }
        if (own.isEmpty()) {
            return Answer.error(401, "unauthorized");
        }
        if (request.path().startsWith("/api/nodes/")) {
            String[] words = request.path().split("/", -1);
            return node(words[3], words[4]);
        }
        JsonArray nodes = new JsonArray();
        own.get().nodes.keySet().forEach(network -> nodes.add(world.json(own.get(), network)));
        return Answer.ok(new JsonObject()
                .put("host", world.json(own.get()))
                .put("nodes", nodes)
                .put("peers", world.peers(own.get()))
                .encode());
    }

    private Answer node(String network, String id) {
        for (Host host : world.hosts.values()) {
            for (String place : host.nodes.keySet()) {
                if (Objects.requireNonNull(host.nodes.get(place)).id.equals(id)) {
                    return place.equals(network)
                            ? Answer.ok(new JsonObject()
                                    .put("node", world.json(host, place))
                                    .put("host", world.json(host))
                                    .put("peers", world.peers(host))
                                    .encode())
                            : Answer.error(400, "network url param does not match node network");
                }
            }
        }
        return Answer.error(world.version == Version.FROM_1_5_1 ? 400 : 500, "no result found");
    }

    private Answer removeHost(Request request) {
        String id = request.after(HOSTS);
        String caller = world.passes.get(request.bearer());
        if (caller == null && !isAdmin(request)) {
            return Answer.error(401, "unauthorized");
        }
        if (world.version == Version.FROM_1_5_1
                && !id.equals(caller)
                && !request.bearer().equals(world.masterKey)) {
            return Answer.error(caller == null ? 401 : 403, caller == null ? "unauthorized" : "forbidden");
        }
        Host host = world.hosts.get(id);
        if (host == null) {
            return Answer.error(500, world.version == Version.FROM_1_5_1 ? "record not found" : "no result found");
        }
        if (!request.query().equals("force=true")) {
            return Answer.error(500, "host still has associated nodes");
        }
        world.hosts.remove(id);
        world.lingering.add(host);
        return world.version == Version.FROM_1_5_1
                ? Answer.of(200, "deleted host " + host.name, world.json(host))
                : Answer.ok(world.json(host).encode());
    }

    private Answer removeNode(Request request) {
        String[] words = request.path().split("/", -1);
        Host host = world.hosts.get(words[3]);
        if (!isAdmin(request)) {
            return Answer.error(401, "unauthorized");
        }
        return host == null || host.nodes.remove(words[5]) == null
                ? Answer.error(500, "no result found")
                : Answer.ok("");
    }

    /** For netclient's double: the lines of which its daemon makes files and an interface. */
    private Answer configuration(String id) {
        Host own = world.hosts.get(id);
        if (own == null) {
            return Answer.error(404, "gone");
        }
        StringBuilder lines = new StringBuilder("#\n");
        own.nodes.forEach(
                (network, node) -> lines.append("node " + network + " " + node.id + " " + node.ip + " 16 //8AAA==\n"));
        if (!own.nodes.isEmpty()) {
            for (Host peer : world.peersOf(own, true)) {
                peer.nodes
                        .values()
                        .forEach(node -> lines.append("peer ")
                                .append(Base64.getEncoder().encodeToString(peer.publicKey))
                                .append(" " + peer.endpoint + " " + node.ip + "\n"));
            }
        }
        return Answer.ok(lines.toString());
    }
}
