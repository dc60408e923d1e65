// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.opdbus.verticles.testing.Links;

/**
 * What a real kernel said, kept as text: one datagram a line, in hexadecimal, as x86-64 has it.
 *
 * <p>To capture anew, from the top of the sources after a build:
 *
 * <pre>{@code
 * deploy/lab/enter java -cp "verticles/target/classes:verticles/target/test-classes:events/target/classes:$JARS" \
 *     org.opdbus.verticles.kernel.netlink.CapturedMessages verticles/src/test/resources/rtnetlink-$(uname -r | cut -d. -f1,2)
 * }</pre>
 *
 * where {@code JARS} is what {@code mvn -pl verticles dependency:build-classpath} prints.
 */
final class CapturedMessages {
    private static final String FOLDER = "/rtnetlink-6.18/";
    private static final Duration SILENCE = Duration.ofSeconds(2);

    private final NetlinkSocket socket = NetlinkSocket.open();
    private final Path folder;

    private CapturedMessages(Path folder) {
        this.folder = folder;
        socket.receiveTimeout(SILENCE);
        socket.join(1);
        socket.join(28);
    }

    /** Returns the datagrams of a capture. */
    static List<ByteBuffer> datagrams(String name) throws IOException {
        try (var resource = CapturedMessages.class.getResourceAsStream(FOLDER + name + ".hex")) {
            if (resource == null) {
                throw new AssertionError("no such capture: " + FOLDER + name + ".hex");
            }
            return new String(resource.readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII)
                    .lines()
                    .map(line -> buffer(HexFormat.of().parseHex(line)))
                    .toList();
        }
    }

    /** Returns the content of the datagrams of a capture. */
    static List<LinkMessage> messages(String name) throws IOException {
        return datagrams(name).stream()
                .flatMap(datagram -> LinkMessageReader.read(datagram).stream())
                .toList();
    }

    static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    static byte[] bytes(ByteBuffer datagram) {
        byte[] bytes = new byte[datagram.limit()];
        datagram.get(0, bytes);
        return bytes;
    }

    /** Makes the captures: the argument is the folder for them. */
    public static void main(String[] arguments) throws IOException {
        CapturedMessages capture = new CapturedMessages(Path.of(arguments[0]));
        Files.createDirectories(capture.folder);
        Links.addNamespace("inner");
        capture.keep(
                "pair-made",
                "link add host0 address 02:00:00:00:00:01 type veth" + " peer name peer0 address 02:00:00:00:00:02");
        capture.keep("peer-moved", "link set peer0 netns inner name eth0");
        capture.keep("renamed", "link set host0 name vi100");
        capture.keep("up", "link set vi100 up");
        capture.keep("altname-added", "link property add dev vi100 altname a-name-too-long-for-a-link");
        capture.keep("mac-changed", "link set vi100 address 02:00:00:00:00:03");
        capture.keep("bridge-made", "link add br0 address 02:00:00:00:00:04 type bridge");
        capture.keep("bridge-joined", "link set vi100 master br0");
        capture.keep("bridge-left", "link set vi100 nomaster");
        capture.keep("listing", "");
        capture.keep("deleted", "link del vi100");
        capture.keep(
                "made-into-namespace",
                "link add host1 address 02:00:00:00:00:05 type veth"
                        + " peer name eth0 address 02:00:00:00:00:06 netns inner");
        capture.keep("namespace-ended", "netns del inner");
    }

    private void keep(String name, String command) throws IOException {
        List<byte[]> datagrams = new ArrayList<>();
        if (command.isEmpty()) {
            socket.send(NetlinkRequest.dump(18).link(0, 0, 0).numbered(1), "list the links");
        } else {
            Links.batch(List.of(command));
        }
        try {
            while (true) {
                datagrams.add(bytes(socket.receive("capture")));
            }
        } catch (NetlinkException e) {
            if (e.reason() != NetlinkException.Reason.TIMEOUT) {
                throw e;
            }
        }
        List<String> lines = datagrams.stream().map(HexFormat.of()::formatHex).toList();
        Files.write(folder.resolve(name + ".hex"), lines);
    }
}
