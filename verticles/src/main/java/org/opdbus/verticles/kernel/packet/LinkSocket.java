// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.packet;

import static org.opdbus.verticles.kernel.LibC.LIBC;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import jnr.constants.platform.Errno;
import org.opdbus.verticles.kernel.LibC;

/**
 * Asks a host over one link whether it is there: the socket is bound to the link (SO_BINDTODEVICE, socket(7)), so that no other
 * link can give the answer. Needs CAP_NET_RAW. Blocks for a limited time. For one thread.
 */
public final class LinkSocket implements AutoCloseable {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_RAW = 3;
    private static final int CLOEXEC_NONBLOCK = 0x80000 | 0x800;
    private static final int IPPROTO_ICMP = 1;
    private static final int IPPROTO_ICMPV6 = 58;
    private static final int SOL_SOCKET = 1;
    private static final int SO_ERROR = 4;
    private static final int SO_BINDTODEVICE = 25;
    private static final short POLLIN = 1;
    private static final short POLLOUT = 4;
    private static final int POLL_FD_BYTES = 8;
    private static final int IPV4_BYTES = 4;
    private static final int ADDRESS_BYTES = 16;
    private static final int ADDRESS_BYTES_OF_IPV6 = 28;
    private static final int PACKET_BYTES_MAX = 2048;

    private final int fd;
    private final boolean isIpv6;

    private LinkSocket(int fd, boolean isIpv6) {
        this.fd = fd;
        this.isIpv6 = isIpv6;
    }

    /**
     * A host that is asked over a link.
     *
     * @param link the link's name
     * @param index the link's index, for an address that is valid on one link only
     * @param address the host's address
     */
    public record Target(String link, int index, ByteBuffer address) {
        public Target {
            address = address.asReadOnlyBuffer();
        }

        boolean isIpv6() {
            return address.remaining() != IPV4_BYTES;
        }
    }

    /** Returns whether the host accepts a TCP connection at this port in time; it is closed at once. */
    public static boolean accepts(Target target, int port, Duration limit) throws IOException {
        try (LinkSocket socket = open(target, SOCK_STREAM, 0)) {
            int begun = socket.connect(target, port);
            return begun == 0
                    || (begun == Errno.EINPROGRESS.intValue()
                            && socket.isReady(POLLOUT, System.nanoTime() + limit.toNanos())
                            && socket.error() == 0);
        }
    }

    /** Returns whether the host answers an echo request in time. */
    public static boolean echoes(Target target, Duration limit) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        try (LinkSocket socket = open(target, SOCK_RAW, target.isIpv6() ? IPPROTO_ICMPV6 : IPPROTO_ICMP)) {
            if (socket.connect(target, 0) != 0) {
                return false;
            }
            long number = ThreadLocalRandom.current().nextLong();
            byte[] request = EchoMessage.request(socket.isIpv6, number);
            ByteBuffer packet = ByteBuffer.allocateDirect(PACKET_BYTES_MAX);
            packet.put(request).flip();
            if (LIBC.send(socket.fd, packet, packet.remaining(), 0) < 0) {
                return false;
            }
            while (socket.isReady(POLLIN, deadline)) {
                packet.clear();
                long length = LIBC.recv(socket.fd, packet, packet.capacity(), 0);
                if (length >= 0 && EchoMessage.isReply(packet.limit((int) length), socket.isIpv6, number)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static LinkSocket open(Target target, int type, int protocol) throws IOException {
        int fd = LIBC.socket(target.isIpv6() ? AF_INET6 : AF_INET, type | CLOEXEC_NONBLOCK, protocol);
        if (fd < 0) {
            throw new IOException("could not open a socket: " + LibC.errno().description());
        }
        LinkSocket socket = new LinkSocket(fd, target.isIpv6());
        byte[] name = LibC.path(target.link());
        if (LIBC.setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, name.length) != 0) {
            String why = LibC.errno().description();
            socket.close();
            throw new IOException("could not bind a socket to " + target.link() + ": " + why);
        }
        return socket;
    }

    /** Returns the number of the error, or 0. */
    private int connect(Target target, int port) {
        ByteBuffer address = ByteBuffer.allocate(isIpv6 ? ADDRESS_BYTES_OF_IPV6 : ADDRESS_BYTES)
                .order(ByteOrder.nativeOrder())
                .putShort((short) (isIpv6 ? AF_INET6 : AF_INET))
                .put((byte) (port >> Byte.SIZE))
                .put((byte) port);
        if (isIpv6) {
            address.putInt(0);
        }
        address.put(target.address().duplicate());
        if (isIpv6) {
            address.putInt(isLinkLocal(target.address()) ? target.index() : 0);
        }
        return LIBC.connect(fd, address.array(), address.capacity()) == 0
                ? 0
                : LibC.errno().intValue();
    }

    /** fe80::/10. */
    private static boolean isLinkLocal(ByteBuffer address) {
        return (address.getShort(address.position()) & 0xffc0) == 0xfe80;
    }

    private boolean isReady(short event, long deadline) throws IOException {
        ByteBuffer poll = ByteBuffer.allocateDirect(POLL_FD_BYTES).order(ByteOrder.nativeOrder());
        while (true) {
            long leftMs = (deadline - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                return false;
            }
            poll.clear().putInt(fd).putShort(event).putShort((short) 0).clear();
            int ready = LIBC.poll(poll, 1, (int) Math.min(leftMs, Integer.MAX_VALUE));
            if (ready < 0 && LibC.errno() != Errno.EINTR) {
                throw new IOException(
                        "could not wait for a socket: " + LibC.errno().description());
            }
            if (ready > 0) {
                return true;
            }
        }
    }

    /** Returns the number of the socket's error, or 0; this also takes it off the socket. */
    private int error() {
        byte[] value = new byte[Integer.BYTES];
        boolean isRead = LIBC.getsockopt(fd, SOL_SOCKET, SO_ERROR, value, new int[] {value.length}) == 0;
        return isRead ? ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt() : -1;
    }

    @Override
    public void close() {
        LIBC.close(fd);
    }
}
