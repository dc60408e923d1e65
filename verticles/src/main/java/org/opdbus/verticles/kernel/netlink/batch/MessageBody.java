// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.batch;

import io.netty.util.NetUtil;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Builds the fixed header and the attributes of one message (RFC 3549 section 2.2, {@code linux/netlink.h}). */
final class MessageBody {
    private static final int ATTRIBUTE_HEADER_BYTES = 4;
    private static final int NLA_F_NESTED = 0x8000;
    /** A route with a hundred next hops fits; more are refused with an exception of the buffer. */
    private static final int BYTES_MAX = 8 << 10;

    private final ByteBuffer bytes = ByteBuffer.allocate(BYTES_MAX).order(ByteOrder.nativeOrder());

    /** Begins a message with a fixed header of this many bytes, all zero. */
    MessageBody(int headerBytes) {
        bytes.position(headerBytes);
    }

    /** Sets a byte of the fixed header. */
    MessageBody byteAt(int offset, int value) {
        bytes.put(offset, (byte) value);
        return this;
    }

    /** Sets 16 bits of the fixed header. */
    MessageBody shortAt(int offset, int value) {
        bytes.putShort(offset, (short) value);
        return this;
    }

    /** Sets 32 bits of the fixed header. */
    MessageBody intAt(int offset, int value) {
        bytes.putInt(offset, value);
        return this;
    }

    MessageBody attribute(int type, byte[] value) {
        bytes.putShort((short) (ATTRIBUTE_HEADER_BYTES + value.length))
                .putShort((short) type)
                .put(value);
        return padded();
    }

    MessageBody attribute(int type, int value) {
        bytes.putShort((short) (ATTRIBUTE_HEADER_BYTES + Integer.BYTES))
                .putShort((short) type)
                .putInt(value);
        return this;
    }

    MessageBody attribute(int type, byte value) {
        return attribute(type, new byte[] {value});
    }

    MessageBody attribute(int type, String value) {
        return attribute(type, (value + '\0').getBytes(StandardCharsets.UTF_8));
    }

    /** Writes an attribute that is an address. */
    MessageBody address(int type, String address) {
        return attribute(type, addressBytes(address));
    }

    /** Begins an attribute that contains others, and returns where it begins. */
    int begin(int type, boolean isMarked) {
        int start = bytes.position();
        bytes.putShort((short) 0).putShort((short) (isMarked ? type | NLA_F_NESTED : type));
        return start;
    }

    /** Ends what began there: its first 16 bits become its length. */
    MessageBody end(int start) {
        bytes.putShort(start, (short) (bytes.position() - start));
        return padded();
    }

    /** Begins a next hop of a multipath route ({@code struct rtnexthop}), and returns where it begins. */
    int beginHop(int flags, int weight, int index) {
        int start = bytes.position();
        bytes.putShort((short) 0).put((byte) flags).put((byte) (weight - 1)).putInt(index);
        return start;
    }

    /** Returns the finished body. */
    ByteBuffer done() {
        byte[] body = new byte[bytes.position()];
        bytes.get(0, body);
        return ByteBuffer.wrap(body).order(ByteOrder.nativeOrder());
    }

    private MessageBody padded() {
        bytes.position((bytes.position() + 3) & ~3);
        return this;
    }

    /** Returns the bytes of an address that a listing has as text. */
    static byte[] addressBytes(String address) {
        byte @Nullable [] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null) {
            throw new IllegalArgumentException("not an address: " + address);
        }
        return bytes;
    }

    /** Returns the address of {@code ADDRESS/PREFIX}. */
    static String addressOf(String network) {
        return network.substring(0, network.indexOf('/'));
    }

    /** Returns the length of the prefix of {@code ADDRESS/PREFIX}. */
    static int prefixOf(String network) {
        return Integer.parseInt(network.substring(network.indexOf('/') + 1));
    }
}
