// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.server;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** What the double of a Netmaker server knows. Its user keeps two threads from using it at once. */
public final class MeshWorld {
    public final Map<String, MeshKey> keys = new LinkedHashMap<>();
    public final Map<String, Host> hosts = new LinkedHashMap<>();
    public final Map<String, String> passes = new LinkedHashMap<>();
    public final Set<String> networks = new TreeSet<>(Set.of(MeshServer.NETWORK));
    /** Hosts that are deleted here and that netclient goes on listing as peers, as the real one does for minutes. */
    public final List<Host> lingering = new ArrayList<>();

    public final Deque<String> nodeIds = new ArrayDeque<>();
    public final String accessToken = "access-" + UUID.randomUUID();
    public final String masterKey = "master-" + UUID.randomUUID();
    public final List<String> secrets = new ArrayList<>(List.of(accessToken, masterKey));
    public MeshServer.Version version = MeshServer.Version.FROM_1_5_1;
    public String api = "";
    public int registrations;
    public int keysMade;
    public int nextAddress = 1;
    public boolean approvalNeeded;
    public boolean keysRefused;
    /** Whether the proxy before the server answers instead of it. */
    public boolean badGateway;
    /** Where the keys that are made lead, whatever was asked for; empty for what was asked for. */
    public String networkOfKeys = "";

    public static final class MeshKey {
        final List<String> networks;
        int usesLeft;
        String tag = "";

        MeshKey(List<String> networks, int usesLeft) {
            this.networks = List.copyOf(networks);
            this.usesLeft = usesLeft;
        }
    }

    public static final class Node {
        final String id;
        final String ip;
        Instant checkedIn = Instant.now();
        boolean pendingDelete;

        Node(String id, String ip) {
            this.id = id;
            this.ip = ip;
        }
    }

    public static final class Host {
        final String id;
        final Map<String, Node> nodes = new LinkedHashMap<>();
        String name = "";
        String password = "";
        byte[] publicKey = {};
        String endpoint = "";
        List<String> awaited = List.of();

        Host(String id) {
            this.id = id;
        }
    }

    public static String newValue() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** The token of a key of this value. */
    public String token(String value) {
        String json = "{\"server\":\"" + api + "\",\"value\":\"" + value + "\"}";
        String token = Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
        secrets.add(value);
        secrets.add(token);
        return token;
    }

    /** Gives a host a node in each of these networks that there is and that it is not in yet. */
    public void place(Host host, List<String> wanted) {
        for (String network : wanted) {
            if (networks.contains(network) && !host.nodes.containsKey(network)) {
                String id = nodeIds.isEmpty() ? UUID.randomUUID().toString() : nodeIds.remove();
                host.nodes.put(network, new Node(id, "100.64.0." + nextAddress++));
            }
        }
    }

    /** The other hosts with a node, and, if this says so, those that netclient has not forgotten yet. */
    public List<Host> peersOf(Host own, boolean withLingering) {
        List<Host> peers = new ArrayList<>();
        hosts.values().stream()
                .filter(host -> !host.id.equals(own.id) && !host.nodes.isEmpty())
                .forEach(peers::add);
        if (withLingering) {
            peers.addAll(lingering);
        }
        return peers;
    }

    /** What a node is in the server's words. */
    public JsonObject json(Host host, String network) {
        Node node = Objects.requireNonNull(host.nodes.get(network));
        return new JsonObject()
                .put("id", node.id)
                .put("hostid", host.id)
                .put("network", network)
                .put("server", MeshServer.NAME)
                .put("connected", true)
                .put("address", new JsonObject().put("IP", node.ip).put("Mask", "//8AAA=="))
                .put("address6", new JsonObject().put("IP", "").putNull("Mask"))
                .put("action", "")
                .put("pendingdelete", node.pendingDelete)
                .put("lastcheckin", node.checkedIn.toString());
    }

    /** What a host is in the server's words; its nodes are ids. */
    public JsonObject json(Host host) {
        JsonArray ids = new JsonArray();
        host.nodes.values().forEach(node -> ids.add(node.id));
        return new JsonObject()
                .put("id", host.id)
                .put("version", "v1.4.0")
                .put("name", host.name)
                .put("os", "linux")
                .put("nodes", ids)
                .put("isdefault", false);
    }

    /** The peers of a host, as WireGuard is told them. */
    public JsonArray peers(Host own) {
        JsonArray peers = new JsonArray();
        for (Host peer : peersOf(own, false)) {
            JsonArray bytes = new JsonArray();
            for (byte one : peer.publicKey) {
                bytes.add(one & 0xff);
            }
            peers.add(new JsonObject()
                    .put("PublicKey", bytes)
                    .put("Remove", false)
                    .put("UpdateOnly", false)
                    .put("ReplaceAllowedIPs", true));
        }
        return peers;
    }

    /** What a key is in the server's words. */
    public JsonObject json(String value, MeshKey key) {
        return new JsonObject()
                .put("expiration", "0001-01-01T00:00:00Z")
                .put("uses_remaining", key.usesLeft)
                .put("value", value)
                .put("networks", new JsonArray(new ArrayList<>(key.networks)))
                .put("unlimited", false)
                .put("tags", new JsonArray().add(key.tag))
                .put("token", token(value))
                .put("type", 2)
                .put("relay", "00000000-0000-0000-0000-000000000000")
                .put("groups", new JsonArray())
                .put("default", false)
                .put("auto_egress", false)
                .put("auto_assign_gw", false);
    }
}
