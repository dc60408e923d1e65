// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import static org.opdbus.verticles.kernel.LibC.LIBC;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import jnr.constants.platform.Errno;
import jnr.constants.platform.OpenFlags;

/**
 * An open regular file that another user may have written, or may replace at any moment.
 *
 * <p>Opening never waits and never touches a device. It first opens the path with {@code O_PATH} (open(2)), which
 * wakes neither a FIFO nor a driver. If that is a regular file, it opens exactly that inode again for reading, with
 * {@code O_NONBLOCK} so that a lease (fcntl(2)) of another process makes the call fail instead of wait. Owner, mode
 * and size are those of the opened file, so they still apply when it is read.
 *
 * <p>The caller's limit bounds the read. It waits for the disk; on a file system that a program serves (FUSE) it can
 * wait as long as that program takes. Not safe for use by several threads.
 */
public final class RegularFile implements AutoCloseable {
    private static final int O_PATH = 0x200000;
    private static final int O_NONBLOCK = 0x800;
    static final int AT_FDCWD = -100;

    private final String name;
    private final int fd;
    private final FileFacts facts;

    private RegularFile(String name, int fd, FileFacts facts) {
        this.name = name;
        this.fd = fd;
        this.facts = facts;
    }

    /**
     * Opens a file of the host by a path that the agent trusts; it follows symbolic links in the path.
     *
     * @throws NoSuchFileException if there is none
     * @throws IOException if it is not a regular file, or cannot be opened
     */
    public static RegularFile open(Path path) throws IOException {
        int found = LIBC.openat(AT_FDCWD, LibC.path(path.toString()), O_PATH | LibC.O_CLOEXEC, 0);
        if (found < 0) {
            throw FileFacts.failure(path.toString(), LibC.errno());
        }
        return reopen(path.toString(), found);
    }

    /** Returns the content of a file of the host, if it exists; see {@link #open} and {@link #read}. */
    public static Optional<byte[]> readIfExists(Path path, int bytesMax) throws IOException {
        try (RegularFile file = open(path)) {
            return Optional.of(file.read(bytesMax));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    /** Opens for reading the object of an {@code O_PATH} descriptor, and closes that descriptor. */
    static RegularFile reopen(String name, int found) throws IOException {
        try {
            if (!FileFacts.of(name, found).isRegular()) {
                throw new FileSystemException(name, null, "is not a regular file");
            }
            int fd = LIBC.open("/proc/self/fd/" + found, O_NONBLOCK | LibC.O_CLOEXEC);
            if (fd < 0) {
                Errno errno = LibC.errno();
                throw errno == Errno.EAGAIN
                        ? new FileSystemException(name, null, "another process holds a lease on it")
                        : FileFacts.failure(name, errno);
            }
            return new RegularFile(name, fd, FileFacts.of(name, fd));
        } finally {
            LIBC.close(found);
        }
    }

    /** Returns the owner of the open file, its mode and its size. */
    public FileFacts facts() {
        return facts;
    }

    /**
     * Refuses a file that is too long.
     *
     * @throws FileSystemException if it has more bytes than the limit
     */
    public void requireAtMost(int bytesMax) throws FileSystemException {
        if (facts.size() > bytesMax) {
            throw new FileSystemException(
                    name, null, "has " + facts.size() + " bytes; more than " + bytesMax + " are not read");
        }
    }

    /**
     * Returns the whole content of the file.
     *
     * @throws FileSystemException if that is more than the limit
     */
    public byte[] read(int bytesMax) throws IOException {
        requireAtMost(bytesMax);
        // Not more than its size: a file of proc(5) may have no end, and reports a size of 0.
        byte[] content = new byte[(int) facts.size()];
        byte[] piece = new byte[Math.min(content.length, 65_536)];
        int length = 0;
        while (length < content.length) {
            long read = LIBC.read(fd, piece, Math.min(piece.length, content.length - length));
            if (read < 0) {
                throw FileFacts.failure(name, LibC.errno());
            }
            if (read == 0) {
                break;
            }
            System.arraycopy(piece, 0, content, length, (int) read);
            length += (int) read;
        }
        return Arrays.copyOf(content, length);
    }

    @Override
    public void close() {
        LIBC.close(fd);
    }

    static int pathFlags() {
        return O_PATH | LibC.O_CLOEXEC | OpenFlags.O_NOFOLLOW.intValue();
    }
}
