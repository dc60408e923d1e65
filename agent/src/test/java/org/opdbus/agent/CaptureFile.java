// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The blocks of a pcapng file (draft-ietf-opsawg-pcapng), for what tcpdump does not show. */
record CaptureFile(List<Port> ports, List<Frame> frames) {
    private static final int SECTION = 0x0a0d0d0a;
    private static final int PORT = 1;
    private static final int STATISTICS = 5;
    private static final int FRAME = 6;
    private static final int IF_NAME = 2;
    private static final int IF_DESCRIPTION = 3;
    private static final int IF_FILTER = 11;
    private static final int EPB_FLAGS = 2;
    private static final int ISB_IFRECV = 4;
    private static final int ISB_IFDROP = 5;

    /** A port, with its last counts. */
    record Port(String name, String description, String filter, long received, long dropped) {}

    /**
     * A frame.
     *
     * @param port the number of its port
     * @param direction 1 for inbound, 2 for outbound
     */
    record Frame(int port, long stampNs, int kept, int length, int direction) {}

    static CaptureFile read(Path file) {
        try {
            return read(ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CaptureFile read(ByteBuffer bytes) {
        CaptureFile file = new CaptureFile(new ArrayList<>(), new ArrayList<>());
        assertThat(bytes.getInt(0)).isEqualTo(SECTION);
        while (bytes.hasRemaining()) {
            int length = bytes.getInt(bytes.position() + 4);
            assertThat(length % 4).isZero();
            ByteBuffer block = bytes.slice(bytes.position(), length).order(ByteOrder.nativeOrder());
            assertThat(block.getInt(length - 4)).isEqualTo(length);
            file.add(block.limit(length - 4));
            bytes.position(bytes.position() + length);
        }
        return file;
    }

    private void add(ByteBuffer block) {
        int type = block.getInt();
        block.getInt();
        switch (type) {
            case PORT -> {
                Map<Integer, byte[]> options = options(block.position(16));
                byte[] filter = options.getOrDefault(IF_FILTER, new byte[1]);
                ports.add(new Port(
                        text(options, IF_NAME),
                        text(options, IF_DESCRIPTION),
                        new String(filter, 1, filter.length - 1, StandardCharsets.UTF_8),
                        0,
                        0));
            }
            case STATISTICS -> {
                int number = block.getInt();
                Map<Integer, byte[]> options = options(block.position(20));
                Port port = ports.get(number);
                ports.set(
                        number,
                        new Port(
                                port.name(),
                                port.description(),
                                port.filter(),
                                number(options, ISB_IFRECV),
                                number(options, ISB_IFDROP)));
            }
            case FRAME -> {
                int port = block.getInt();
                long stamp = ((long) block.getInt() << 32) | (block.getInt() & 0xffff_ffffL);
                int kept = block.getInt();
                int length = block.getInt();
                byte[] flags = options(block.position(28 + (kept + 3) / 4 * 4))
                        .getOrDefault(EPB_FLAGS, new byte[Integer.BYTES]);
                int direction =
                        ByteBuffer.wrap(flags).order(ByteOrder.nativeOrder()).getInt() & 3;
                frames.add(new Frame(port, stamp, kept, length, direction));
            }
            default -> assertThat(type).isEqualTo(SECTION);
        }
    }

    private static String text(Map<Integer, byte[]> options, int code) {
        return new String(options.getOrDefault(code, new byte[0]), StandardCharsets.UTF_8);
    }

    private static long number(Map<Integer, byte[]> options, int code) {
        return ByteBuffer.wrap(options.getOrDefault(code, new byte[Long.BYTES]))
                .order(ByteOrder.nativeOrder())
                .getLong();
    }

    private static Map<Integer, byte[]> options(ByteBuffer block) {
        Map<Integer, byte[]> options = new HashMap<>();
        while (block.hasRemaining()) {
            int code = block.getShort();
            byte[] value = new byte[block.getShort()];
            block.get(value);
            block.position((block.position() + 3) / 4 * 4);
            options.put(code, value);
        }
        return options;
    }
}
