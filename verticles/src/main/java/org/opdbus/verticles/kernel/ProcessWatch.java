// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;

/**
 * A process that cannot be confused with a later one of the same number: pidfd_open(2). Readable once it has exited.
 */
public final class ProcessWatch implements AutoCloseable {
    /** The number of pidfd_open(2), the same on every architecture. */
    private static final int PIDFD_OPEN = 434;

    /** The number of pidfd_send_signal(2), the same on every architecture. */
    private static final int PIDFD_SEND_SIGNAL = 424;

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
        return hasExited(0);
    }

    /** Waits until the process has exited, so long at most; returns whether it has. */
    public boolean awaitExit(Duration waitMax) {
        long deadline = System.nanoTime() + waitMax.toNanos();
        long leftMs = waitMax.toMillis();
        while (leftMs > 0) {
            // A signal to this thread can end the wait early.
            if (hasExited((int) Math.min(leftMs, Integer.MAX_VALUE))) {
                return true;
            }
            leftMs = (deadline - System.nanoTime()) / 1_000_000;
        }
        return hasExited();
    }

    /** Sends a signal to this process and to no later one of its number; does nothing if it has exited. */
    public void signal(int number) throws IOException {
        if (FileCalls.LIBC.syscall(PIDFD_SEND_SIGNAL, fd, number, null, 0) != 0
                && FileCalls.errno() != FileCalls.ESRCH) {
            throw FileCalls.failure("cannot send signal " + number + " to a process");
        }
    }

    private boolean hasExited(int waitMs) {
        byte[] entry = ByteBuffer.allocate(8)
                .order(ByteOrder.nativeOrder())
                .putInt(fd)
                .putShort(POLLIN)
                .array();
        return FileCalls.LIBC.poll(entry, 1, waitMs) == 1;
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
