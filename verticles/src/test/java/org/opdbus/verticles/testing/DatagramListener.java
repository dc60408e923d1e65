// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/** A real datagram unix socket that is listened to, as a service manager does. Its file, if it has one, is left behind. */
public final class DatagramListener implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final short POLLIN = 1;
    private static final Libc LIBC = LibraryLoader.create(Libc.class).load("c");

    private final int fd;

    /** Functions of libc. */
    public interface Libc {
        int socket(int domain, int type, int protocol);

        int bind(int fd, @In byte[] address, int length);

        int poll(@In @Out byte[] descriptors, @size_t long count, int timeoutMs);

        @ssize_t
        long recv(int fd, @Out byte[] data, @size_t long length, int flags);

        int close(int fd);
    }

    private DatagramListener(int fd) {
        this.fd = fd;
    }

    /** Binds to a path, or to a name in the abstract namespace if it begins with {@code @}. */
    public static DatagramListener at(String address) throws IOException {
        byte[] path = address.getBytes(StandardCharsets.UTF_8);
        if (path[0] == '@') {
            path[0] = 0;
        }
        byte[] bytes = ByteBuffer.allocate(2 + path.length)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_UNIX)
                .put(path)
                .array();
        int fd = LIBC.socket(AF_UNIX, SOCK_DGRAM, 0);
        if (fd < 0 || LIBC.bind(fd, bytes, bytes.length) != 0) {
            throw new IOException("cannot listen on " + address);
        }
        return new DatagramListener(fd);
    }

    /** The next datagram, if one comes within this time. */
    public Optional<String> next(Duration limit) {
        byte[] descriptor = ByteBuffer.allocate(8)
                .order(ByteOrder.nativeOrder())
                .putInt(fd)
                .putShort(POLLIN)
                .array();
        if (LIBC.poll(descriptor, 1, Math.toIntExact(limit.toMillis())) != 1) {
            return Optional.empty();
        }
        byte[] data = new byte[4096];
        long length = LIBC.recv(fd, data, data.length, 0);
        return Optional.of(new String(data, 0, Math.toIntExact(length), StandardCharsets.UTF_8));
    }

    /** The next datagram of this kind; others are passed over. Fails after a generous time. */
    public String await(Predicate<String> wanted) {
        long deadline = System.nanoTime() + BusWatcher.GENEROUS.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<String> said = next(Duration.ofMillis(100));
            if (said.filter(wanted).isPresent()) {
                return said.get();
            }
        }
        throw new AssertionError("nothing of the kind was said within " + BusWatcher.GENEROUS);
    }

    /** The next datagram that begins so. */
    public String await(String beginning) {
        return await(said -> said.startsWith(beginning));
    }

    @Override
    public void close() {
        LIBC.close(fd);
    }
}
