// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.opdbus.verticles.netmaker.NetmakerException.Reason;

/**
 * What netclient's files in a container say.
 *
 * <p>Whoever is root in the container writes them, so no symbolic link is followed on the way to them, what is no plain
 * file is not opened, and nothing is believed that does not have the form it should have.
 *
 * @param identity who the container is, if netclient ever ran in it
 * @param servers the servers that it is registered at: their names by the host of their API
 * @param nodes its nodes that are connected, by network
 */
record GuestNetclient(Optional<Identity> identity, Map<String, String> servers, List<MeshNode> nodes) {
    /**
     * Who a container is to its server.
     *
     * @param hostId its id
     * @param mac its hardware address
     * @param password its password; secret
     * @param link the name of its interface
     */
    record Identity(String hostId, String mac, String password, String link) {
        @Override
        public String toString() {
            return "host " + hostId;
        }
    }

    private static final int BYTES_MAX = 1_048_576;
    private static final List<Path> FOLDERS = List.of(Path.of("etc"), Path.of("netclient"));
    private static final Pattern ID = Pattern.compile("[0-9A-Za-z-]{1,64}");
    private static final Pattern NAME = Pattern.compile("[0-9A-Za-z._-]{1,253}");
    private static final Pattern LINK = Pattern.compile("[0-9A-Za-z._-]{1,15}");
    private static final Pattern SECRET = Pattern.compile("[\\x21-\\x7e]{1,256}");
    private static final Pattern IP = Pattern.compile("[0-9A-Fa-f.:]{2,45}");
    private static final String DEFAULT_LINK = "netmaker";

    /** The files below this folder, which is the root of the container. Waits for the disk. */
    static GuestNetclient read(Path root) throws NetmakerException {
        Map<String, JsonObject> files = new HashMap<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(root)) {
            if (!(stream instanceof SecureDirectoryStream<Path> secure)) {
                throw new IOException("it is on a file system without openat(2)");
            }
            in(secure, FOLDERS, folder -> {
                for (String name : List.of("netclient.json", "servers.json", "nodes.json")) {
                    json(folder, Path.of(name)).ifPresent(content -> files.put(name, content));
                }
            });
        } catch (NoSuchFileException none) {
            return new GuestNetclient(Optional.empty(), Map.of(), List.of());
        } catch (FileSystemException notAsItShouldBe) {
            throw unreadable(root, notAsItShouldBe);
        } catch (IOException failure) {
            throw unreadable(root, failure);
        }
        return new GuestNetclient(
                identity(files.getOrDefault("netclient.json", new JsonObject())),
                servers(files.getOrDefault("servers.json", new JsonObject())),
                nodes(files.getOrDefault("nodes.json", new JsonObject())));
    }

    private static NetmakerException unreadable(Path root, IOException failure) {
        return new NetmakerException(
                Reason.GUEST_FILE,
                "netclient's files below " + root + " cannot be read: " + failure,
                "see that etc/netclient is a plain folder with plain files");
    }

    @FunctionalInterface
    private interface Work {
        void run(SecureDirectoryStream<Path> folder) throws IOException;
    }

    private static void in(SecureDirectoryStream<Path> at, List<Path> folders, Work work) throws IOException {
        if (folders.isEmpty()) {
            work.run(at);
            return;
        }
        try (SecureDirectoryStream<Path> next = at.newDirectoryStream(folders.get(0), LinkOption.NOFOLLOW_LINKS)) {
            in(next, folders.subList(1, folders.size()), work);
        }
    }

    private static Optional<JsonObject> json(SecureDirectoryStream<Path> folder, Path file) throws IOException {
        try {
            var attributes = folder.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes();
            if (!attributes.isRegularFile() || attributes.size() > BYTES_MAX) {
                throw new FileSystemException(file.toString(), null, "is no plain file of a sensible size");
            }
            ByteBuffer buffer = ByteBuffer.allocate((int) attributes.size());
            try (SeekableByteChannel channel =
                    folder.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
                while (buffer.hasRemaining() && channel.read(buffer) > 0) {
                    // The next read takes what this one did not.
                }
            }
            return Optional.of(
                    new JsonObject(new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8)));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (DecodeException notJson) {
            // netclient replaces its files as a whole; this one says nothing.
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

    /** The name of the server whose API is there, if the container is registered at it. */
    Optional<String> serverAt(String api) {
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
