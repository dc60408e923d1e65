// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import static org.opdbus.verticles.kernel.LibC.LIBC;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import jnr.constants.platform.Errno;
import jnr.constants.platform.OpenFlags;
import org.opdbus.ledger.NotRegularFileException;
import org.opdbus.ledger.RegularFiles;

/**
 * Opens regular files as channels, even if another user replaces them meanwhile.
 *
 * <p>It opens the name with {@code O_PATH | O_NOFOLLOW} (open(2)), which neither follows a symbolic link nor wakes a
 * FIFO or a driver. If that is a regular file, it opens exactly this inode again through {@code /proc/self/fd}
 * (proc(5)), with {@code O_NONBLOCK} so that a lease (fcntl(2)) of another process makes the call fail instead of
 * wait. While that is open no new lease can be taken, and Java opens its channel. Safe for use by any thread.
 */
public final class RegularChannels implements RegularFiles {
    private static final int O_PATH = 0x200000;
    private static final int O_NONBLOCK = 0x800;

    @Override
    public FileChannel open(Path file, StandardOpenOption access) throws IOException {
        int found = open(file, file.toString(), O_PATH | OpenFlags.O_NOFOLLOW.intValue());
        try {
            Path same = Path.of("/proc/self/fd", Integer.toString(found));
            int mode = (Integer) Files.getAttribute(same, "unix:mode");
            if (!NotRegularFileException.isRegular(mode)) {
                throw new NotRegularFileException(file, mode);
            }
            int held = open(file, same.toString(), O_NONBLOCK | flags(access));
            try {
                return FileChannel.open(Path.of("/proc/self/fd", Integer.toString(held)), access);
            } finally {
                LIBC.close(held);
            }
        } finally {
            LIBC.close(found);
        }
    }

    private static int flags(StandardOpenOption access) {
        return switch (access) {
            case READ -> OpenFlags.O_RDONLY.intValue();
            case WRITE -> OpenFlags.O_WRONLY.intValue();
            default -> throw new IllegalArgumentException("a file must be opened for reading or for " + "writing");
        };
    }

    private static int open(Path file, String name, int flags) throws IOException {
        int fd = LIBC.open(name, flags | LibC.O_CLOEXEC);
        if (fd >= 0) {
            return fd;
        }
        Errno errno = LibC.errno();
        throw switch (errno) {
            case ENOENT -> new NoSuchFileException(file.toString());
            case EACCES, EPERM -> new AccessDeniedException(file.toString());
            case EAGAIN -> new FileSystemException(file.toString(), null, "another process holds a lease on it");
            default -> new FileSystemException(file.toString(), null, errno.description());
        };
    }
}
