// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import java.util.Optional;

/** A process that cannot be mistaken for a later one of the same number: pidfd_open(2). Readable once it has exited. */
public final class ProcessWatch implements AutoCloseable {
    /** The number of pidfd_open(2), the same on every architecture. */
    private static final int PIDFD_OPEN = 434;

    private final int fd;

    private ProcessWatch(int fd) {
        this.fd = fd;
    }

    /** Begins to watch; empty if there is no such process, or the kernel (before 5.3) has no pidfd. */
    public static Optional<ProcessWatch> of(long pid) {
        long fd = FileCalls.LIBC.syscall(PIDFD_OPEN, (int) pid, 0);
        return fd < 0 ? Optional.empty() : Optional.of(new ProcessWatch((int) fd));
    }

    /** For a {@link Poller}: ready when the process has exited. */
    public int fd() {
        return fd;
    }

    @Override
    public void close() {
        FileCalls.LIBC.close(fd);
    }
}
