// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds one message to the kernel, field by field. */
final class NetlinkRequest {
    static final int NLM_F_REPLACE = 0x100;
    static final int NLM_F_EXCL = 0x200;
    static final int NLM_F_CREATE = 0x400;
    static final int NLM_F_APPEND = 0x800;

    private static final int NLM_F_REQUEST = 1;
    private static final int NLM_F_ACK = 4;
    private static final int NLM_F_DUMP = 0x300;
    private static final int NLA_F_NESTED = 0x8000;
    private static final int BYTES_MAX = 1024;

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES_MAX).order(ByteOrder.nativeOrder());
    private final boolean dump;

    private NetlinkRequest(int type, int flags, boolean dump) {
        this.dump = dump;
        bytes.putInt(0).putShort((short) type).putShort((short) (NLM_F_REQUEST | flags));
        bytes.putInt(0).putInt(0);
    }

    /** Creates a message whose answer is its results, if any, and an acknowledgement. */
    static NetlinkRequest command(int type, int flags) {
        return new NetlinkRequest(type, NLM_F_ACK | flags, false);
    }

    /** Creates a message whose answer is a listing. */
    static NetlinkRequest dump(int type) {
        return new NetlinkRequest(type, NLM_F_DUMP, true);
    }

    /** Returns whether the answer is a listing. */
    boolean isDump() {
        return dump;
    }

    /** {@code struct ifinfomsg}: the beginning of most messages about links. */
    NetlinkRequest link(int index, int flags, int change) {
        bytes.put((byte) 0).put((byte) 0).putShort((short) 0);
        bytes.putInt(index).putInt(flags).putInt(change);
        return this;
    }

    /** Writes the fixed header of another family of messages. */
    NetlinkRequest header(byte[] header) {
        bytes.put(header);
        bytes.position(NetlinkFormat.aligned(bytes.position()));
        return this;
    }

    NetlinkRequest attribute(int type, byte[] value) {
        bytes.putShort((short) (4 + value.length)).putShort((short) type).put(value);
        bytes.position(NetlinkFormat.aligned(bytes.position()));
        return this;
    }

    NetlinkRequest attribute(int type, int value) {
        bytes.putShort((short) 8).putShort((short) type).putInt(value);
        return this;
    }

    NetlinkRequest attribute(int type, String value) {
        return attribute(type, (value + "\0").getBytes(StandardCharsets.UTF_8));
    }

    /** Begins an attribute that contains others, and returns where it begins. */
    int begin(int type) {
        int start = bytes.position();
        bytes.putShort((short) 0).putShort((short) (type | NLA_F_NESTED));
        return start;
    }

    /** Ends what began there: its first 16 bits become its length. */
    NetlinkRequest end(int start) {
        bytes.putShort(start, (short) (bytes.position() - start));
        return this;
    }

    /** Writes an attribute that contains one other. */
    NetlinkRequest nested(int type, int innerType, String value) {
        int start = begin(type);
        attribute(innerType, value);
        return end(start);
    }

    /** Returns the finished message. */
    ByteBuffer numbered(int sequence) {
        bytes.putInt(0, bytes.position());
        bytes.putInt(8, sequence);
        return bytes.duplicate().order(ByteOrder.nativeOrder()).flip();
    }
}
