// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Parses netlink messages (RFC 3549 section 2, {@code linux/netlink.h}) from untrusted bytes: an
 * invalid length ends the walk, so that no byte outside the buffer is read and every walk ends.
 */
final class NetlinkFormat {
    static final int HEADER_BYTES = 16;
    static final int NLMSG_ERROR = 2;
    static final int NLMSG_DONE = 3;
    static final int NLM_F_DUMP_INTR = 0x10;
    static final int NLM_F_ACK_TLVS = 0x200;

    private static final int UNSIGNED_SHORT = 0xffff;

    private NetlinkFormat() {}

    /** One message: its header's fields, and the bytes after the header. */
    record Message(int type, int flags, int sequence, ByteBuffer payload) {}

    /** Receives the messages of a datagram. */
    @FunctionalInterface
    interface MessageVisitor {
        void visit(Message message);
    }

    static void eachMessage(ByteBuffer datagram, MessageVisitor visitor) {
        int at = datagram.position();
        while (datagram.limit() - at >= HEADER_BYTES) {
            int length = datagram.getInt(at);
            if (length < HEADER_BYTES || length > datagram.limit() - at) {
                return;
            }
            visitor.visit(new Message(
                    datagram.getShort(at + 4) & UNSIGNED_SHORT,
                    datagram.getShort(at + 6) & UNSIGNED_SHORT,
                    datagram.getInt(at + 8),
                    part(datagram, at + HEADER_BYTES, length - HEADER_BYTES)));
            at += aligned(length);
        }
    }

    /** Returns the first number of a payload, or the given default if the payload is too short. */
    static int number(ByteBuffer value, int otherwise) {
        return value.limit() >= Integer.BYTES ? value.getInt(0) : otherwise;
    }

    /** Netlink pads everything to four bytes. */
    static int aligned(int length) {
        return (length + 3) & ~3;
    }

    private static ByteBuffer part(ByteBuffer bytes, int offset, int length) {
        return bytes.slice(offset, length).order(ByteOrder.nativeOrder());
    }
}
