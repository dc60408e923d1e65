// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.guest;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException.Reason;
import org.opdbus.verticles.kernel.GuestDeadline;
import org.opdbus.verticles.kernel.GuestRoot;

/**
 * The content of netclient's files in a container.
 *
 * <p>The container's root user writes them, so they are opened by {@link GuestRoot}, and a value is used only if it
 * has the expected form.
 *
 * @param identity the container's identity, if netclient ever ran in it
 * @param servers the servers that it is registered at: their names by the host of their API
 * @param nodes its nodes that are connected, by network
 */
public record GuestNetclient(Optional<Identity> identity, Map<String, String> servers, List<MeshNode> nodes) {
    /**
     * A container's identity at its server.
     *
     * @param hostId its id
     * @param mac its hardware address
     * @param password its password; secret
     * @param link the name of its interface
     */
    public record Identity(String hostId, String mac, String password, String link) {
        @Override
        public String toString() {
            return "host " + hostId;
        }
    }

    private static final int BYTES_MAX = 1_048_576;
    private static final String FOLDER = "etc/netclient/";
    private static final Pattern ID = Pattern.compile("[0-9A-Za-z-]{1,64}");
    private static final Pattern NAME = Pattern.compile("[0-9A-Za-z._-]{1,253}");
    private static final Pattern LINK = Pattern.compile("[0-9A-Za-z._-]{1,15}");
    private static final Pattern SECRET = Pattern.compile("[\\x21-\\x7e]{1,256}");
    private static final Pattern IP = Pattern.compile("[0-9A-Fa-f.:]{2,45}");
    private static final String DEFAULT_LINK = "netmaker";

    /**
     * Reads the files below this folder, which is the root of the container. Waits for the disk, no longer than
     * {@link GuestDeadline#LIMIT}.
     */
    public static GuestNetclient read(Path root) throws NetmakerException {
        try {
            return parse(GuestDeadline.within(GuestDeadline.LIMIT, root.toString(), () -> contents(root)));
        } catch (NoSuchFileException none) {
            return parse(Map.of());
        } catch (IOException failure) {
            throw unreadable(root, failure);
        }
    }

    /** Parses the files' contents, by their names; a file that is missing or not JSON says nothing. */
    static GuestNetclient parse(Map<String, byte[]> contents) {
        Map<String, JsonObject> files = new HashMap<>();
        contents.forEach((name, content) -> json(content).ifPresent(json -> files.put(name, json)));
        return new GuestNetclient(
                identity(files.getOrDefault("netclient.json", new JsonObject())),
                servers(files.getOrDefault("servers.json", new JsonObject())),
                nodes(files.getOrDefault("nodes.json", new JsonObject())));
    }

    private static Map<String, byte[]> contents(Path root) throws IOException {
        Map<String, byte[]> contents = new HashMap<>();
        try (GuestRoot guest = GuestRoot.at(root)) {
            for (String name : List.of("netclient.json", "servers.json", "nodes.json")) {
                guest.read(FOLDER + name, BYTES_MAX).ifPresent(content -> contents.put(name, content));
            }
        }
        return contents;
    }

    private static NetmakerException unreadable(Path root, IOException failure) {
        return new NetmakerException(
                Reason.GUEST_FILE,
                "netclient's files below " + root + " cannot be read: " + failure,
                "see that etc/netclient is a folder with regular files and no symbolic link is on the way");
    }

    private static Optional<JsonObject> json(byte[] content) {
        try {
            return Optional.of(new JsonObject(new String(content, StandardCharsets.UTF_8)));
        } catch (DecodeException notJson) {
            // netclient replaces its files as a whole; this one contains nothing.
            return Optional.empty();
        }
    }

    private static Optional<Identity> identity(JsonObject json) {
        Optional<String> id = text(json, "id", ID);
        Optional<String> password = text(json, "hostpass", SECRET);
        Optional<String> mac = text(json, "macaddress", SECRET).flatMap(GuestNetclient::mac);
        return id.isPresent() && password.isPresent() && mac.isPresent()
                ? Optional.of(new Identity(
                        id.get(),
                        mac.get(),
                        password.get(),
                        text(json, "interface", LINK).orElse(DEFAULT_LINK)))
                : Optional.empty();
    }

    private static Map<String, String> servers(JsonObject json) {
        Map<String, String> servers = new HashMap<>();
        for (String name : json.fieldNames()) {
            if (NAME.matcher(name).matches()
                    && json.getValue(name) instanceof JsonObject server
                    && server.getValue("API") instanceof String api) {
                servers.put(withoutPort(api), name);
            }
        }
        return Map.copyOf(servers);
    }

    private static List<MeshNode> nodes(JsonObject json) {
        List<MeshNode> nodes = new ArrayList<>();
        for (String network : new TreeSet<>(json.fieldNames())) {
            if (NAME.matcher(network).matches()
                    && json.getValue(network) instanceof JsonObject node
                    && Boolean.TRUE.equals(node.getValue("connected"))) {
                Optional<String> id = text(node, "id", ID);
                Optional<String> address = address(node, "address").or(() -> address(node, "address6"));
                if (id.isPresent() && address.isPresent()) {
                    nodes.add(new MeshNode(network, id.get(), address.get()));
                }
            }
        }
        return List.copyOf(nodes);
    }

    /** Returns the name of the server with this API, if the container is registered at it. */
    public Optional<String> serverAt(String api) {
        return Optional.ofNullable(servers.get(withoutPort(api)));
    }

    private static String withoutPort(String api) {
        int colon = api.lastIndexOf(':');
        return colon < 0 ? api : api.substring(0, colon);
    }

    private static Optional<String> text(JsonObject json, String key, Pattern form) {
        return json.getValue(key) instanceof String text && form.matcher(text).matches()
                ? Optional.of(text)
                : Optional.empty();
    }

    private static Optional<String> mac(String base64) {
        byte[] bytes = decode(base64);
        return bytes.length == 6 ? Optional.of(HexFormat.ofDelimiter(":").formatHex(bytes)) : Optional.empty();
    }

    private static Optional<String> address(JsonObject node, String key) {
        if (!(node.getValue(key) instanceof JsonObject network)
                || !(network.getValue("IP") instanceof String ip)
                || !(network.getValue("Mask") instanceof String mask)
                || !IP.matcher(ip).matches()) {
            return Optional.empty();
        }
        int prefix = 0;
        for (byte part : decode(mask)) {
            prefix += Integer.bitCount(part & 0xff);
        }
        return Optional.of(ip + "/" + prefix);
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            return new byte[0];
        }
    }
}
