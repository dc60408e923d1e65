// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A stream connection to an abstract unix socket (unix(7)) of the caller's network namespace.
 *
 * <p>Never blocks. Every message carries the sender's credentials, whether or not the other side has asked for them
 * yet. Not safe for use by several threads.
 */
public final class AbstractSocket implements AutoCloseable {
    /** The largest number of bytes in a name: sun_path without its leading zero. */
    public static final int NAME_BYTES_MAX = 107;

    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PASSCRED = 16;
    private static final int SO_PEERCRED = 17;
    /** struct ucred: process, user, group. */
    private static final int UCRED_BYTES = 12;

    private static final int UCRED_UID_AT = 4;
    private static final int MSG_NOSIGNAL = 0x4000;

    private final int fd;

    private AbstractSocket(int fd) {
        this.fd = fd;
    }

    /**
     * Connects; empty if no process listens under this name.
     *
     * @param name the name without its leading zero
     * @throws IOException if the attempt failed: too long a name, a full backlog, no file descriptor left
     */
    public static Optional<AbstractSocket> connect(String name) throws IOException {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > NAME_BYTES_MAX) {
            throw new IOException("the abstract socket name is longer than " + NAME_BYTES_MAX + " bytes: " + name);
        }
        int fd = FileCalls.LIBC.socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0) {
            throw FileCalls.failure("cannot open a unix socket");
        }
        byte[] one =
                ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(1).array();
        FileCalls.LIBC.setsockopt(fd, SOL_SOCKET, SO_PASSCRED, one, one.length);
        byte[] address = ByteBuffer.allocate(3 + bytes.length)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_UNIX)
                .put((byte) 0)
                .put(bytes)
                .array();
        if (FileCalls.LIBC.connect(fd, address, address.length) == 0) {
            return Optional.of(new AbstractSocket(fd));
        }
        int errno = FileCalls.errno();
        FileCalls.LIBC.close(fd);
        if (errno == FileCalls.ECONNREFUSED) {
            return Optional.empty();
        }
        throw FileCalls.failure("cannot connect to @" + name, errno);
    }

    /**
     * Returns the user of the listening process, as the kernel recorded it when that began to listen (SO_PEERCRED).
     */
    public int peerUser() throws IOException {
        byte[] credentials = new byte[UCRED_BYTES];
        if (FileCalls.LIBC.getsockopt(fd, SOL_SOCKET, SO_PEERCRED, credentials, new int[] {UCRED_BYTES}) != 0) {
            throw FileCalls.failure("cannot find out who listens on a unix socket");
        }
        return ByteBuffer.wrap(credentials).order(ByteOrder.nativeOrder()).getInt(UCRED_UID_AT);
    }

    /** Returns the descriptor for a {@link Poller}. */
    public int fd() {
        return fd;
    }

    /** Sends all of it at once or fails: the messages are far smaller than a socket's buffer. */
    public void send(byte[] data) throws IOException {
        long sent = FileCalls.LIBC.send(fd, data, data.length, MSG_NOSIGNAL);
        if (sent != data.length) {
            throw FileCalls.failure("cannot send " + data.length + " bytes to a unix socket");
        }
    }

    /**
     * Reads the available bytes.
     *
     * @return how many bytes; 0 if there are none yet; -1 at the end, orderly or not
     */
    public int receive(byte[] buffer) {
        long count = FileCalls.LIBC.recv(fd, buffer, buffer.length, 0);
        if (count > 0) {
            return (int) count;
        }
        boolean later = count < 0 && (FileCalls.errno() == FileCalls.EAGAIN || FileCalls.errno() == FileCalls.EINTR);
        return later ? 0 : -1;
    }

    @Override
    public void close() {
        FileCalls.LIBC.close(fd);
    }
}
