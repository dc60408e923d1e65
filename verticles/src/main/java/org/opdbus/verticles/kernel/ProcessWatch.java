// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A process that cannot be confused with a later one of the same number: pidfd_open(2). Readable once it has exited.
 */
public final class ProcessWatch implements AutoCloseable {
    /** The number of pidfd_open(2), the same on every architecture. */
    private static final int PIDFD_OPEN = 434;

    private static final short POLLIN = 1;

    private final int fd;

    private ProcessWatch(int fd) {
        this.fd = fd;
    }

    /**
     * Begins to watch; empty if there is no such process.
     *
     * @throws IOException if the attempt failed: no file descriptor left, or a kernel before 5.3, which has no pidfd
     */
    public static Optional<ProcessWatch> of(long pid) throws IOException {
        long fd = FileCalls.LIBC.syscall(PIDFD_OPEN, (int) pid, 0);
        if (fd >= 0) {
            return Optional.of(new ProcessWatch((int) fd));
        }
        if (FileCalls.errno() == FileCalls.ESRCH) {
            return Optional.empty();
        }
        throw FileCalls.failure("cannot watch process " + pid + " (pidfd_open needs Linux 5.3)");
    }

    /** Returns whether the process has exited by now, whether or not its parent has reaped it. */
    public boolean hasExited() {
        byte[] entry = ByteBuffer.allocate(8)
                .order(ByteOrder.nativeOrder())
                .putInt(fd)
                .putShort(POLLIN)
                .array();
        return FileCalls.LIBC.poll(entry, 1, 0) == 1;
    }

    /** Returns the descriptor for a {@link Poller}, which is ready when the process has exited. */
    public int fd() {
        return fd;
    }

    @Override
    public void close() {
        FileCalls.LIBC.close(fd);
    }
}
