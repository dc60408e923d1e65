// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was recorded on the wire.
 *
 * @param text every byte of it as one character (ISO 8859-1)
 * @param bytes how many bytes of frames of TCP went to or came from each port
 */
record Capture(String text, Map<Integer, Long> bytes) {
    private static final int FILE_HEAD = 24;
    private static final int RECORD_HEAD = 16;
    private static final int ETHERNET_HEAD = 14;
    private static final int ETHERNET_TYPE = 12;
    private static final int IPV4 = 0x0800;
    private static final int IPV4_PROTOCOL = 9;
    private static final int TCP = 6;
    private static final int WORD = 4;

    /** Reads a file of pcap-savefile(5) that may still be written to. */
    static Capture of(Path file) {
        try {
            byte[] all = Files.readAllBytes(file);
            ByteBuffer read = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
            Map<Integer, Long> bytes = new TreeMap<>();
            int at = FILE_HEAD;
            while (at + RECORD_HEAD <= all.length) {
                int length = read.getInt(at + 2 * WORD);
                at += RECORD_HEAD;
                if (at + length > all.length) {
                    break;
                }
                count(ByteBuffer.wrap(all, at, length).slice(), bytes);
                at += length;
            }
            return new Capture(new String(all, StandardCharsets.ISO_8859_1), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void count(ByteBuffer frame, Map<Integer, Long> bytes) {
        if (frame.limit() < ETHERNET_HEAD + 2 * IPV4_PROTOCOL
                || frame.getShort(ETHERNET_TYPE) != IPV4
                || frame.get(ETHERNET_HEAD + IPV4_PROTOCOL) != TCP) {
            return;
        }
        int ports = ETHERNET_HEAD + (frame.get(ETHERNET_HEAD) & 0xf) * WORD;
        if (ports + WORD > frame.limit()) {
            return;
        }
        bytes.merge(Short.toUnsignedInt(frame.getShort(ports)), (long) frame.limit(), Long::sum);
        bytes.merge(Short.toUnsignedInt(frame.getShort(ports + 2)), (long) frame.limit(), Long::sum);
    }
}
