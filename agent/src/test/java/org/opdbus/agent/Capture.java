// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What was recorded on the wire.
 *
 * @param found those of the given words that some frame contains in clear
 * @param bytes how many bytes of TCP frames went to or came from each port
 */
record Capture(Set<String> found, Map<Integer, Long> bytes) {
    private static final int FILE_HEAD = 24;
    private static final int RECORD_HEAD = 16;
    private static final int ETHERNET_HEAD = 14;
    private static final int ETHERNET_TYPE = 12;
    private static final int IPV4 = 0x0800;
    private static final int IPV4_HEAD = 20;
    private static final int IPV4_PROTOCOL = 9;
    private static final int TCP = 6;
    private static final int WORD = 4;

    /**
     * Reads a file of pcap-savefile(5) that may still be written to.
     *
     * @param words what to look for: long enough not to occur by chance in encrypted data
     */
    static Capture of(Path file, Collection<String> words) {
        Capture capture = new Capture(new TreeSet<>(), new TreeMap<>());
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 20)) {
            in.skipNBytes(FILE_HEAD);
            while (true) {
                ByteBuffer head = ByteBuffer.wrap(in.readNBytes(RECORD_HEAD)).order(ByteOrder.LITTLE_ENDIAN);
                if (head.limit() < RECORD_HEAD) {
                    return capture;
                }
                byte[] frame = in.readNBytes(head.getInt(2 * WORD));
                if (frame.length < head.getInt(2 * WORD)) {
                    return capture;
                }
                capture.look(frame, words);
            }
        } catch (EOFException e) {
            return capture;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void look(byte[] frame, Collection<String> words) {
        count(ByteBuffer.wrap(frame));
        String text = new String(frame, StandardCharsets.ISO_8859_1);
        for (String word : words) {
            if (text.contains(word)) {
                found.add(word);
            }
        }
    }

    private void count(ByteBuffer frame) {
        if (frame.limit() < ETHERNET_HEAD + IPV4_HEAD
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
