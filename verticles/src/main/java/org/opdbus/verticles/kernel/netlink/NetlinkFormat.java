// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Parses netlink messages and attributes (RFC 3549 section 2, {@code linux/netlink.h}) from untrusted bytes: an
 * invalid length ends the walk, so that no byte outside the buffer is read and every walk ends.
 */
final class NetlinkFormat {
    static final int HEADER_BYTES = 16;
    static final int NLMSG_ERROR = 2;
    static final int NLMSG_DONE = 3;
    static final int NLM_F_DUMP_INTR = 0x10;
    static final int NLM_F_ACK_TLVS = 0x200;

    private static final int ATTRIBUTE_HEADER_BYTES = 4;
    private static final int ATTRIBUTE_TYPE_MASK = 0x3fff;
    private static final int UNSIGNED_SHORT = 0xffff;

    private NetlinkFormat() {}

    /** One message: its header's fields, and the bytes after the header. */
    record Message(int type, int flags, int sequence, ByteBuffer payload) {}

    /** Receives the messages of a datagram. */
    @FunctionalInterface
    interface MessageVisitor {
        void visit(Message message);
    }

    /** Receives the attributes of a message; a second walk over the value reads nested ones. */
    @FunctionalInterface
    interface AttributeVisitor {
        void visit(int type, ByteBuffer value);
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

    /** Walks over the attributes after {@code offset} bytes of fixed header. */
    static void eachAttribute(ByteBuffer bytes, int offset, AttributeVisitor visitor) {
        int at = offset;
        while (bytes.limit() - at >= ATTRIBUTE_HEADER_BYTES) {
            int length = bytes.getShort(at) & UNSIGNED_SHORT;
            if (length < ATTRIBUTE_HEADER_BYTES || length > bytes.limit() - at) {
                return;
            }
            visitor.visit(
                    bytes.getShort(at + 2) & ATTRIBUTE_TYPE_MASK,
                    part(bytes, at + ATTRIBUTE_HEADER_BYTES, length - ATTRIBUTE_HEADER_BYTES));
            at += aligned(length);
        }
    }

    /** Returns the text of an attribute, without its closing zero. */
    static String text(ByteBuffer value) {
        byte[] bytes = new byte[value.limit()];
        value.get(0, bytes);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** Returns the number of an attribute, or the given default if the attribute is too short. */
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
