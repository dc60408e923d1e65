// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import static org.opdbus.verticles.kernel.LibC.LIBC;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import jnr.constants.platform.Errno;
import org.opdbus.verticles.kernel.LibC;

/**
 * A NETLINK_ROUTE socket (man 7 netlink). It always belongs to the network namespace in which it was made.
 *
 * <p>Only the kernel and root can send to a NETLINK_ROUTE socket, so it does not check senders. For one thread at a
 * time; the owner ensures that.
 */
final class NetlinkSocket implements AutoCloseable {
    /** Larger than any message of the kernel: a listing comes in pieces of at most 32 KiB. */
    static final int DATAGRAM_BYTES_MAX = 64 * 1024;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_ADD_MEMBERSHIP = 1;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    private static final int NETLINK_GET_STRICT_CHK = 12;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_DONTWAIT = 0x40;

    private final int fd;
    private final ByteBuffer incoming =
            ByteBuffer.allocateDirect(DATAGRAM_BYTES_MAX).order(ByteOrder.nativeOrder());
    private boolean closed;

    private NetlinkSocket(int fd) {
        this.fd = fd;
    }

    /** Opens a bound socket in the calling thread's namespace. */
    static NetlinkSocket open() {
        int fd = LIBC.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, 0);
        if (fd < 0) {
            throw NetlinkException.ofLastError("open an rtnetlink socket");
        }
        NetlinkSocket socket = new NetlinkSocket(fd);
        byte[] address = ByteBuffer.allocate(12)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_NETLINK)
                .array();
        if (LIBC.bind(fd, address, address.length) != 0) {
            NetlinkException failure = NetlinkException.ofLastError("bind an rtnetlink socket");
            socket.close();
            throw failure;
        }
        return socket;
    }

    /** Requests error texts, and listings that respect their filters; kernels before 4.20 lack one or the other. */
    void answerInDetail() {
        option(SOL_NETLINK, NETLINK_CAP_ACK, 1);
        option(SOL_NETLINK, NETLINK_EXT_ACK, 1);
        option(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
    }

    /** Limits the time of every {@link #receive}. */
    void receiveTimeout(Duration limit) {
        byte[] timeval = ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putLong(limit.toSeconds())
                .putLong(limit.toNanosPart() / 1_000)
                .array();
        if (LIBC.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, timeval, timeval.length) != 0) {
            throw NetlinkException.ofLastError("limit the time of an rtnetlink socket");
        }
    }

    /** Requests a receive buffer of this size; without the privilege, as much as the host grants to every user. */
    void receiveBuffer(int bytes) {
        if (!option(SOL_SOCKET, SO_RCVBUFFORCE, bytes) && !option(SOL_SOCKET, SO_RCVBUF, bytes)) {
            throw NetlinkException.ofLastError("set the receive buffer of an rtnetlink socket");
        }
    }

    /** Joins a multicast group. */
    void join(int group) {
        if (!option(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group)) {
            throw NetlinkException.ofLastError("join the rtnetlink group " + group);
        }
    }

    private boolean option(int level, int option, int value) {
        byte[] bytes = ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array();
        return LIBC.setsockopt(fd, level, option, bytes, bytes.length) == 0;
    }

    void send(ByteBuffer message, String attempt) {
        while (LIBC.send(fd, message, message.remaining(), 0) < 0) {
            if (LibC.errno() != Errno.EINTR) {
                throw NetlinkException.ofLastError(attempt);
            }
        }
    }

    /** Returns the next datagram and waits as long as {@link #receiveTimeout} says; valid until the next call. */
    ByteBuffer receive(String attempt) {
        return receive(attempt, 0);
    }

    /** Returns the next datagram if there is one; otherwise a buffer without remaining bytes. */
    ByteBuffer receiveWaiting(String attempt) {
        return receive(attempt, MSG_DONTWAIT);
    }

    private ByteBuffer receive(String attempt, int flags) {
        while (true) {
            incoming.clear();
            long length = LIBC.recv(fd, incoming, incoming.capacity(), flags | MSG_TRUNC);
            if (length > incoming.capacity()) {
                throw NetlinkException.because(
                        NetlinkException.Reason.OVERRUN, attempt, "a message of " + length + " bytes was cut off");
            }
            if (length >= 0) {
                return incoming.limit((int) length);
            }
            Errno errno = LibC.errno();
            if (errno == Errno.EAGAIN && flags != 0) {
                return incoming.limit(0);
            }
            if (errno != Errno.EINTR) {
                throw NetlinkException.of(attempt, errno, errno == Errno.EAGAIN ? "the kernel did not answer" : "");
            }
        }
    }

    int fd() {
        return fd;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            LIBC.close(fd);
        }
    }
}
