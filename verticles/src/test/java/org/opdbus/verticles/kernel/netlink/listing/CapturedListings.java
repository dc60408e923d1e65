// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.listing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.opdbus.verticles.kernel.netlink.NetlinkListing;
import org.opdbus.verticles.testing.Links;

/**
 * What a real kernel listed of {@link NetworkScene}, kept as text: one message a line, its type and its bytes in hexadecimal, as
 * x86-64 has them. To capture anew, run this class in a laboratory; its argument is the folder for the files.
 */
final class CapturedListings {
    private static final String FOLDER = "/rtnetlink-6.18/listing/";

    private CapturedListings() {}

    /** One message: its type, and its bytes in hexadecimal. */
    record Captured(int type, String hex) {
        byte[] bytes() {
            return HexFormat.of().parseHex(hex);
        }

        ByteBuffer payload() {
            return buffer(bytes());
        }
    }

    static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    static List<Captured> messages(String name) throws IOException {
        try (var resource = CapturedListings.class.getResourceAsStream(FOLDER + name + ".hex")) {
            if (resource == null) {
                throw new AssertionError("no such capture: " + FOLDER + name + ".hex");
            }
            return new String(resource.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(line -> line.split(" ", -1))
                    .map(parts -> new Captured(Integer.parseInt(parts[0]), parts[1]))
                    .toList();
        }
    }

    /** Returns the content of the messages of a capture. */
    static <T> List<T> read(String name, LimitedVisitor.MessageReader<T> reader) throws IOException {
        return messages(name).stream()
                .map(message -> reader.read(message.type(), message.payload()))
                .flatMap(Optional::stream)
                .toList();
    }

    /** Makes the captures. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Files.createDirectories(folder);
        Links.batch(NetworkScene.COMMANDS);
        Links.ip(NetworkScene.IPV6_RULE);
        try (NetlinkListing kernel = NetlinkListing.open()) {
            keep(kernel, 18, new byte[16], folder.resolve("links.hex"));
            for (IpFamily family : IpFamily.values()) {
                String suffix = "-" + family.name().toLowerCase(Locale.ROOT) + ".hex";
                keep(kernel, 22, body(family, 8), folder.resolve("addresses" + suffix));
                keep(kernel, 26, body(family, 12), folder.resolve("routes" + suffix));
                keep(kernel, 34, body(family, 12), folder.resolve("rules" + suffix));
            }
        }
    }

    private static byte[] body(IpFamily family, int bytes) {
        return ByteBuffer.allocate(bytes).put((byte) family.number()).array();
    }

    private static void keep(NetlinkListing kernel, int type, byte[] body, Path file) throws IOException {
        Files.write(file, kernel.list(type, body, "capture", Lines::new).visitor().lines);
    }

    private static final class Lines implements NetlinkListing.Visitor {
        private final List<String> lines = new ArrayList<>();

        @Override
        public void visit(int type, ByteBuffer payload) {
            byte[] bytes = new byte[payload.limit()];
            payload.get(0, bytes);
            lines.add(type + " " + HexFormat.of().formatHex(bytes));
        }
    }
}
