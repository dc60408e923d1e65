// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import static org.opdbus.verticles.kernel.LibC.LIBC;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import jnr.constants.platform.Errno;
import jnr.constants.platform.OpenFlags;

/**
 * An exclusive lock on a file as flock(2) takes it, so that it also excludes scripts that use flock(1). The locks of the JDK are
 * those of fcntl(2), which do not.
 *
 * <p>The kernel releases it when it is closed or its process ends. A program that the process starts does not inherit it.
 */
public final class FolderLock implements AutoCloseable {
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final long BETWEEN_TRIES_NS = Duration.ofMillis(10).toNanos();

    private final int fd;

    private FolderLock(int fd) {
        this.fd = fd;
    }

    /**
     * Takes the lock; makes the file, for its owner only, if there is none. flock(2) itself has no time limit, so this tries
     * again and again.
     *
     * @return the lock; empty if another descriptor held it for the whole time
     */
    public static Optional<FolderLock> take(Path file, Duration waitMax) throws IOException {
        int flags = OpenFlags.O_RDWR.intValue()
                | OpenFlags.O_CREAT.intValue()
                | OpenFlags.O_NOFOLLOW.intValue()
                | LibC.O_CLOEXEC;
        int fd = LIBC.openat(RegularFile.AT_FDCWD, LibC.path(file.toString()), flags, 0600);
        if (fd < 0) {
            throw FileFacts.failure(file.toString(), LibC.errno());
        }
        long deadline = System.nanoTime() + waitMax.toNanos();
        boolean taken = false;
        try {
            taken = take(file, fd, deadline);
        } finally {
            if (!taken) {
                LIBC.close(fd);
            }
        }
        return taken ? Optional.of(new FolderLock(fd)) : Optional.empty();
    }

    private static boolean take(Path file, int fd, long deadline) throws IOException {
        while (LIBC.flock(fd, LOCK_EX | LOCK_NB) != 0) {
            Errno errno = LibC.errno();
            if (errno != Errno.EWOULDBLOCK && errno != Errno.EAGAIN && errno != Errno.EINTR) {
                throw new FileSystemException(file.toString(), null, "cannot be locked: " + errno.description());
            }
            if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(BETWEEN_TRIES_NS);
        }
        return true;
    }

    @Override
    public void close() {
        LIBC.close(fd);
    }
}
