// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;

/**
 * Listening abstract unix sockets (unix(7)) with names such as other programs give theirs. They are in processes of their
 * own, each of which stays below the usual limit of file descriptors, and are gone when this is closed. Not for use by
 * several threads at once.
 */
public final class StrangerSockets implements AutoCloseable {
    private static final int PER_PROCESS = 5_000;
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM_CLOEXEC = 1 | 0x80000;
    private static final long END_LIMIT_S = 60;
    private static final String NAME = "/tmp/dbus-stranger-";

    private final List<Process> owners = new ArrayList<>();

    /** Functions of libc, under its names. */
    public interface Libc {
        int socket(int domain, int type, int protocol);

        int bind(int fd, @In byte[] address, int length);

        int listen(int fd, int backlog);
    }

    private StrangerSockets() {}

    /** Opens so many, and checks that the kernel lists them. */
    public static StrangerSockets open(int count) {
        Laboratory.require();
        StrangerSockets sockets = new StrangerSockets();
        for (int from = 0; from < count; from += PER_PROCESS) {
            String to = Integer.toString(Math.min(count, from + PER_PROCESS));
            sockets.owners.add(
                    JavaProgram.start(JavaProgram.command(StrangerSockets.class, Integer.toString(from), to)));
        }
        long listed = listed();
        if (listed != count) {
            sockets.close();
            throw new AssertionError("the kernel lists " + listed + " strangers' sockets, not " + count);
        }
        return sockets;
    }

    /** Opens the sockets from this number to below that one, and keeps them until its input ends. */
    public static void main(String[] arguments) throws IOException {
        Libc libc = LibraryLoader.create(Libc.class).load("c");
        for (int number = Integer.parseInt(arguments[0]); number < Integer.parseInt(arguments[1]); number++) {
            byte[] name = (NAME + number).getBytes(StandardCharsets.US_ASCII);
            // An abstract name begins with a zero.
            byte[] address = ByteBuffer.allocate(3 + name.length)
                    .order(ByteOrder.nativeOrder())
                    .putShort((short) AF_UNIX)
                    .put((byte) 0)
                    .put(name)
                    .array();
            int fd = libc.socket(AF_UNIX, SOCK_STREAM_CLOEXEC, 0);
            if (fd < 0 || libc.bind(fd, address, address.length) != 0 || libc.listen(fd, 1) != 0) {
                throw new IOException("cannot open strangers' socket " + number + "; see ulimit -n");
            }
        }
        System.out.println(JavaProgram.READY);
        while (System.in.read() >= 0) {
            // What it is sent does not matter; the end does.
        }
    }

    private static long listed() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/net/unix"))) {
            return lines.filter(line -> line.contains("@" + NAME)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        owners.forEach(Process::destroyForcibly);
        for (Process owner : owners) {
            owner.onExit().orTimeout(END_LIMIT_S, TimeUnit.SECONDS).join();
        }
        owners.clear();
    }
}
