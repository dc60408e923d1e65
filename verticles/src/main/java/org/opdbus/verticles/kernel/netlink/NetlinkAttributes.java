// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Walks over the attributes of a netlink message (RFC 3549 section 2, {@code linux/netlink.h}) in untrusted bytes: an invalid
 * length ends the walk, so that no byte outside the message is read and every walk ends.
 *
 * <pre>{@code
 * while (attributes.next()) {
 *     if (attributes.type() == IFLA_IFNAME) { name = attributes.text(); }
 * }
 * }</pre>
 *
 * <p>The kernel sends some fifty attributes about a link, of which few are needed, so an attribute that is not asked for
 * costs no object. The position of the buffer stays. For one thread.
 */
public final class NetlinkAttributes {
    private static final int HEADER_BYTES = 4;
    private static final int TYPE_MASK = 0x3fff;
    private static final int UNSIGNED_SHORT = 0xffff;

    private final ByteBuffer bytes;
    private final int end;
    private int following;
    private int type;
    private int at;
    private int length;

    private NetlinkAttributes(ByteBuffer bytes, int from, int end) {
        this.bytes = bytes;
        this.end = end;
        following = from;
    }

    /** Begins a walk over the attributes after {@code offset} bytes of fixed header. */
    public static NetlinkAttributes of(ByteBuffer payload, int offset) {
        return new NetlinkAttributes(payload, offset, payload.limit());
    }

    /** Moves to the next attribute; returns false if there is none, or its length is invalid. */
    public boolean next() {
        if (end - following < HEADER_BYTES) {
            return false;
        }
        int whole = bytes.getShort(following) & UNSIGNED_SHORT;
        if (whole < HEADER_BYTES || whole > end - following) {
            following = end;
            return false;
        }
        type = bytes.getShort(following + 2) & TYPE_MASK;
        at = following + HEADER_BYTES;
        length = whole - HEADER_BYTES;
        following += NetlinkFormat.aligned(whole);
        return true;
    }

    /** Returns the type of the present attribute. */
    public int type() {
        return type;
    }

    /** Returns how many bytes the value of the present attribute has. */
    public int length() {
        return length;
    }

    /** Returns the value as a number, or the given default if the value is too short. */
    public int number(int otherwise) {
        return length >= Integer.BYTES ? bytes.getInt(at) : otherwise;
    }

    /** Returns the bytes of the value. */
    public byte[] value() {
        byte[] value = new byte[length];
        bytes.get(at, value);
        return value;
    }

    /** Returns the value as text, without its closing zero. */
    public String text() {
        byte[] value = value();
        int end = 0;
        while (end < value.length && value[end] != 0) {
            end++;
        }
        return new String(value, 0, end, StandardCharsets.UTF_8);
    }

    /** Begins a walk over the attributes in the value. */
    public NetlinkAttributes nested() {
        return new NetlinkAttributes(bytes, at, at + length);
    }
}
