// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Sends single datagrams to a unix socket (unix(7)). Never blocks, and keeps nothing open between two datagrams, so
 * that another listener may take the name over. Safe for use by any thread.
 */
public final class UnixDatagram {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int PATH_BYTES_MAX = 107;

    private final String listener;
    private final byte[] address;

    private UnixDatagram(String listener, byte[] address) {
        this.listener = listener;
        this.address = address;
    }

    /**
     * Creates a sender for a listener with this address; it does not check that one exists.
     *
     * @param listener an absolute path, or {@code @} and a name in the abstract namespace
     * @throws IllegalArgumentException if it is neither, or longer than a unix socket's address can be
     */
    public static UnixDatagram to(String listener) {
        byte[] path = listener.getBytes(StandardCharsets.UTF_8);
        boolean isAbstract = listener.startsWith("@");
        if (path.length < 2 || path.length > PATH_BYTES_MAX || (!isAbstract && !listener.startsWith("/"))) {
            throw new IllegalArgumentException(
                    "\"" + listener + "\" is not a unix socket's address: it must begin with / or "
                            + "@ and have at most "
                            + PATH_BYTES_MAX + " bytes");
        }
        if (isAbstract) {
            path[0] = 0;
        }
        // A path ends with a zero; an abstract name ends where the address does.
        ByteBuffer address = ByteBuffer.allocate(2 + path.length + (isAbstract ? 0 : 1))
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_UNIX)
                .put(path);
        return new UnixDatagram(listener, address.array());
    }

    /**
     * Sends one datagram.
     *
     * @return false if the listener's queue is full; then nothing was sent
     * @throws IOException if no process listens or this process may not send there
     */
    public boolean send(byte[] data) throws IOException {
        int fd = FileCalls.LIBC.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw FileCalls.failure("cannot open a unix socket");
        }
        try {
            if (FileCalls.LIBC.connect(fd, address, address.length) != 0) {
                throw FileCalls.failure("cannot reach the socket " + listener);
            }
            if (FileCalls.LIBC.send(fd, data, data.length, MSG_DONTWAIT | MSG_NOSIGNAL) == data.length) {
                return true;
            }
            int errno = FileCalls.errno();
            if (errno == FileCalls.EAGAIN) {
                return false;
            }
            throw FileCalls.failure("cannot send " + data.length + " bytes to the socket " + listener, errno);
        } finally {
            FileCalls.LIBC.close(fd);
        }
    }
}
