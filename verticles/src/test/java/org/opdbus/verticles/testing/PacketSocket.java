// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import jnr.constants.platform.Errno;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/**
 * Hears and sends whole frames of the links of this network namespace (packet(7)). It hears what a link sends as well
 * as what arrives on it. One thread may receive while another sends.
 */
final class PacketSocket implements AutoCloseable {
    /** More than any frame has, even one whose segments are still to be cut. */
    static final int FRAME_BYTES_MAX = 262_144;

    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int ETH_P_ALL = 3;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUFFORCE = 33;
    /** Who was a while without the processor has not missed anything yet. */
    private static final int RECEIVE_BUFFER_BYTES = 64 << 20;

    private static final int ADDRESS_BYTES = 20;
    private static final int ADDRESS_KIND = 10;
    private static final byte PACKET_OUTGOING = 4;
    private static final Libc LIBC = LibraryLoader.create(Libc.class).load("c");

    private final int fd;
    private final byte[] from = new byte[ADDRESS_BYTES];

    /** Functions of libc, under its names. */
    public interface Libc {
        int socket(int domain, int type, int protocol);

        int setsockopt(int fd, int level, int option, @In byte[] value, int length);

        int bind(int fd, @In byte[] address, int length);

        @ssize_t
        long recvfrom(
                int fd,
                @Out ByteBuffer into,
                @size_t long length,
                int flags,
                @Out byte[] address,
                @In @Out int[] addressLength);

        @ssize_t
        long send(int fd, @In ByteBuffer frame, @size_t long length, int flags);

        int if_nametoindex(@In byte[] name);

        int close(int fd);
    }

    private PacketSocket(int fd) {
        this.fd = fd;
    }

    /** Of all links that there are, and that there will be; cannot send. */
    static PacketSocket ofEveryLink() throws IOException {
        return open(0, "every link");
    }

    /** Of one link. */
    static PacketSocket of(String link) throws IOException {
        int index = LIBC.if_nametoindex((link + '\0').getBytes(StandardCharsets.US_ASCII));
        if (index == 0) {
            throw failure("cannot find the link " + link);
        }
        return open(index, link);
    }

    private static PacketSocket open(int link, String name) throws IOException {
        // Of no protocol it hears nothing before it is bound: what passed another link would be taken for this one's.
        int fd = LIBC.socket(AF_PACKET, SOCK_RAW_CLOEXEC, 0);
        if (fd < 0) {
            throw failure("cannot open a packet socket");
        }
        byte[] bytes = ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(RECEIVE_BUFFER_BYTES)
                .array();
        byte[] address = ByteBuffer.allocate(ADDRESS_BYTES)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_PACKET)
                .put(new byte[] {0, ETH_P_ALL})
                .putInt(link)
                .array();
        if (LIBC.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, bytes, bytes.length) != 0
                || LIBC.bind(fd, address, address.length) != 0) {
            IOException failure = failure("cannot listen to " + name);
            LIBC.close(fd);
            throw failure;
        }
        return new PacketSocket(fd);
    }

    /** Waits for a frame and appends it to a buffer that is outside the heap, where there is room for any frame. */
    void receive(ByteBuffer into) throws IOException {
        long length;
        do {
            length = LIBC.recvfrom(fd, into, into.remaining(), 0, from, new int[] {ADDRESS_BYTES});
        } while (length < 0 && errno() == Errno.EINTR);
        if (length < 0) {
            throw failure("cannot hear a frame");
        }
        into.position(into.position() + Math.toIntExact(length));
    }

    /** Whether the frame that was received last was one that the link sent, and no arrival. */
    boolean wasOutgoing() {
        return from[ADDRESS_KIND] == PACKET_OUTGOING;
    }

    /** Sends what remains of a buffer as one frame. */
    void send(ByteBuffer frame) throws IOException {
        if (LIBC.send(fd, frame, frame.remaining(), 0) < 0) {
            throw failure("cannot send a frame of " + frame.remaining() + " bytes");
        }
    }

    private static IOException failure(String attempt) {
        return new IOException(attempt + ": " + errno());
    }

    private static Errno errno() {
        return Errno.valueOf(LastError.getLastError(Runtime.getRuntime(LIBC)));
    }

    @Override
    public void close() {
        LIBC.close(fd);
    }
}
