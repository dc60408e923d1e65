// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.capture;

import static org.opdbus.verticles.kernel.LibC.LIBC;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.constants.platform.Errno;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import org.opdbus.verticles.kernel.LibC;
import org.opdbus.verticles.kernel.capture.PacketRing.Counts;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;

/** The packet(7) socket of a ring. For one thread. */
final class RingSocket {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int ADDRESS_BYTES = 20;
    private static final int HARDWARE_TYPE_AT = 8;
    private static final int SOL_SOCKET = 1;
    private static final int SO_ERROR = 4;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_ADD_MEMBERSHIP = 1;
    private static final int PACKET_STATISTICS = 6;
    private static final int PACKET_MR_PROMISC = 1;

    private final int fd;
    private final int index;

    private RingSocket(int fd, int index) {
        this.fd = fd;
        this.index = index;
    }

    /** Opens a socket in a namespace, for a link in it. A socket of no protocol gets no frames. */
    static RingSocket open(NetworkNamespace namespace, int index) throws IOException {
        int made = namespace.inside(() -> {
            int socket = LIBC.socket(AF_PACKET, SOCK_RAW_CLOEXEC, 0);
            return socket >= 0 ? socket : -LibC.errno().intValue();
        });
        if (made < 0) {
            throw new IOException(
                    "could not open a packet socket: " + Errno.valueOf(-made).description());
        }
        return new RingSocket(made, index);
    }

    int fd() {
        return fd;
    }

    int index() {
        return index;
    }

    void close() {
        LIBC.close(fd);
    }

    /** Has the link in promiscuous mode as long as the socket is open. */
    void promiscuous() throws IOException {
        byte[] request = ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putInt(index)
                .putShort((short) PACKET_MR_PROMISC)
                .array();
        option(PACKET_ADD_MEMBERSHIP, request, "switch promiscuous mode on");
    }

    /** Replaces the filter. */
    void attach(BpfProgram filter) throws IOException {
        byte[] instructions = filter.bytes();
        Pointer copy = Memory.allocateDirect(LibC.RUNTIME, instructions.length);
        copy.put(0, instructions, 0, instructions.length);
        byte[] program = ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putShort((short) filter.instructions().size())
                .putLong(8, copy.address())
                .array();
        try {
            if (LIBC.setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, program, program.length) != 0) {
                throw failure("attach a filter");
            }
        } finally {
            Reference.reachabilityFence(copy);
        }
    }

    /** Forgets an error such as that the link is down, which would make the descriptor readable for ever. */
    void clearError() {
        LIBC.getsockopt(fd, SOL_SOCKET, SO_ERROR, new byte[Integer.BYTES], new int[] {Integer.BYTES});
    }

    /** Returns what was counted since the last call. */
    Counts counts() throws IOException {
        byte[] counts = new byte[3 * Integer.BYTES];
        if (LIBC.getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, counts, new int[] {counts.length}) != 0) {
            throw failure("read the counts of a packet socket");
        }
        ByteBuffer read = ByteBuffer.wrap(counts).order(ByteOrder.nativeOrder());
        return new Counts(Integer.toUnsignedLong(read.getInt()), Integer.toUnsignedLong(read.getInt()));
    }

    /** Binds it to the link, with the frames of this protocol. */
    void bind(int protocol) throws IOException {
        byte[] bytes = ByteBuffer.allocate(ADDRESS_BYTES)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_PACKET)
                .put((byte) (protocol >> Byte.SIZE))
                .put((byte) protocol)
                .putInt(index)
                .array();
        if (LIBC.bind(fd, bytes, bytes.length) != 0) {
            throw failure("bind a packet socket to link " + index);
        }
    }

    /** Returns the kind of the link's frames. */
    int hardwareType() throws IOException {
        byte[] bytes = new byte[ADDRESS_BYTES];
        if (LIBC.getsockname(fd, bytes, new int[] {bytes.length}) != 0) {
            throw failure("read the kind of link " + index);
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getShort(HARDWARE_TYPE_AT) & 0xffff;
    }

    void option(int option, byte[] value, String attempt) throws IOException {
        if (LIBC.setsockopt(fd, SOL_PACKET, option, value, value.length) != 0) {
            throw failure(attempt);
        }
    }

    static byte[] ints(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.nativeOrder());
        for (int value : values) {
            bytes.putInt(value);
        }
        return bytes.array();
    }

    static IOException failure(String attempt) {
        return new IOException("could not " + attempt + ": " + LibC.errno().description());
    }
}
