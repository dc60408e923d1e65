// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.opdbus.verticles.kernel.capture.CapturedFrame;
import org.opdbus.verticles.kernel.capture.PacketRing.Counts;

/**
 * Writes a capture as pcapng (draft-ietf-opsawg-pcapng): one section, in this machine's order of bytes. The stamps are in
 * nanoseconds. For one thread.
 */
final class PcapngWriter {
    private static final int SECTION_HEADER = 0x0a0d0d0a;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int INTERFACE_STATISTICS = 5;
    private static final int ENHANCED_PACKET = 6;
    private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
    private static final int OPT_END = 0;
    private static final int SHB_OS = 3;
    private static final int SHB_USERAPPL = 4;
    private static final int IF_NAME = 2;
    private static final int IF_DESCRIPTION = 3;
    private static final int IF_TSRESOL = 9;
    private static final int IF_FILTER = 11;
    private static final int ISB_IFRECV = 4;
    private static final int ISB_IFDROP = 5;
    private static final int EPB_FLAGS = 2;
    private static final byte NANOSECONDS = 9;
    /** The first byte of if_filter: the filter is a text of libpcap's language. */
    private static final int FILTER_TEXT = 0;

    private static final int PACKET_HEAD_BYTES = 28;
    private static final int PACKET_TAIL_BYTES = 3 + 8 + 4 + 4;
    private static final int TEXT_BYTES_MAX = 8_192;
    private static final int ALIGNMENT = 4;

    private final CaptureOutput output;
    private byte[] copied = new byte[2_048];

    PcapngWriter(CaptureOutput output) {
        this.output = output;
    }

    /** Begins the capture. */
    void section(String program) throws IOException {
        ByteBuffer to = output.room(TEXT_BYTES_MAX);
        int start = begin(to, SECTION_HEADER);
        to.putInt(BYTE_ORDER_MAGIC).putShort((short) 1).putShort((short) 0).putLong(-1);
        text(to, SHB_OS, "Linux");
        text(to, SHB_USERAPPL, program);
        end(to, start);
    }

    /**
     * Describes a port; the first one has the number 0.
     *
     * @param texts its name, a description and a filter, which may be empty
     */
    void port(LinkType type, int snaplen, List<String> texts) throws IOException {
        ByteBuffer to = output.room(TEXT_BYTES_MAX);
        int start = begin(to, INTERFACE_DESCRIPTION);
        to.putShort((short) type.number()).putShort((short) 0).putInt(snaplen);
        text(to, IF_NAME, texts.get(0));
        text(to, IF_DESCRIPTION, texts.get(1));
        option(to, IF_TSRESOL, new byte[] {NANOSECONDS});
        String filter = texts.get(2);
        if (!filter.isEmpty()) {
            text(to, IF_FILTER, (char) FILTER_TEXT + filter);
        }
        end(to, start);
    }

    /** Writes a frame of a port, with the VLAN tag that the kernel took out of it, and its direction. */
    void packet(int port, CapturedFrame frame, int snaplen) throws IOException {
        int tagBytes = frame.isTagged() && frame.kept() >= CapturedFrame.TAG_AT ? CapturedFrame.TAG_BYTES : 0;
        int kept = Math.min(frame.kept() + tagBytes, Math.max(snaplen, CapturedFrame.TAG_AT));
        ByteBuffer to = output.room(PACKET_HEAD_BYTES + kept + PACKET_TAIL_BYTES);
        int start = begin(to, ENHANCED_PACKET);
        to.putInt(port);
        stamp(to, frame.stampNs());
        to.putInt(kept).putInt(frame.length() + tagBytes);
        to.put(bytes(frame, kept, tagBytes > 0), 0, kept);
        pad(to);
        to.putShort((short) EPB_FLAGS).putShort((short) Integer.BYTES).putInt(FrameFlags.of(frame.packetType()));
        end(to, start);
    }

    private byte[] bytes(CapturedFrame frame, int kept, boolean isTagged) {
        if (copied.length < kept) {
            copied = new byte[Math.max(kept, 2 * copied.length)];
        }
        if (!isTagged) {
            frame.copy(0, copied, 0, kept);
            return copied;
        }
        frame.copy(0, copied, 0, Math.min(kept, CapturedFrame.TAG_AT));
        int tag = frame.tag();
        int behind = CapturedFrame.TAG_AT + CapturedFrame.TAG_BYTES;
        for (int i = CapturedFrame.TAG_AT; i < Math.min(kept, behind); i++) {
            copied[i] = (byte) (tag >> (Byte.SIZE * (behind - 1 - i)));
        }
        if (kept > behind) {
            frame.copy(CapturedFrame.TAG_AT, copied, behind, kept - behind);
        }
        return copied;
    }

    /** Writes how many frames of a port the kernel has counted and dropped so far. */
    void statistics(int port, long nowNs, Counts counts) throws IOException {
        ByteBuffer to = output.room(TEXT_BYTES_MAX);
        int start = begin(to, INTERFACE_STATISTICS);
        to.putInt(port);
        stamp(to, nowNs);
        to.putShort((short) ISB_IFRECV).putShort((short) Long.BYTES).putLong(counts.received());
        to.putShort((short) ISB_IFDROP).putShort((short) Long.BYTES).putLong(counts.dropped());
        end(to, start);
    }

    private static int begin(ByteBuffer to, int type) {
        int start = to.position();
        to.putInt(type).putInt(0);
        return start;
    }

    /** Ends the options, and writes the block's length at both of its ends. */
    private static void end(ByteBuffer to, int start) {
        to.putShort((short) OPT_END).putShort((short) 0);
        int length = to.position() - start + Integer.BYTES;
        to.putInt(length).putInt(start + Integer.BYTES, length);
    }

    private static void stamp(ByteBuffer to, long stampNs) {
        to.putInt((int) (stampNs >>> Integer.SIZE)).putInt((int) stampNs);
    }

    private static void text(ByteBuffer to, int code, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && bytes.length <= TEXT_BYTES_MAX / 4) {
            option(to, code, bytes);
        }
    }

    private static void option(ByteBuffer to, int code, byte[] value) {
        to.putShort((short) code).putShort((short) value.length).put(value);
        pad(to);
    }

    /** Every block begins at a multiple of four bytes of the buffer. */
    private static void pad(ByteBuffer to) {
        while (to.position() % ALIGNMENT != 0) {
            to.put((byte) 0);
        }
    }
}
