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
 * <p>Opening never waits and never touches a device. The path is first opened with {@code O_PATH} (open(2)), which neither
 * wakes a FIFO nor a driver; if what was found is a regular file, exactly that inode is opened again for reading, with
 * {@code O_NONBLOCK} so that a lease (fcntl(2)) of another process makes the call fail instead of wait. Owner, mode and
 * size are those of the opened file, so they cannot change between the look and the read.
 *
 * <p>Reading is bounded by the caller's limit. It waits for the disk; on a file system that a program serves (FUSE) it can
 * wait as long as that program wants. Not safe for use by several threads.
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
     * Opens a file of the host by a path that the agent trusts; symbolic links on it are followed.
     *
     * @throws NoSuchFileException if there is none
     * @throws IOException if it is no regular file, or cannot be opened
     */
    public static RegularFile open(Path path) throws IOException {
        int found = LIBC.openat(AT_FDCWD, LibC.path(path.toString()), O_PATH | LibC.O_CLOEXEC, 0);
        if (found < 0) {
            throw FileFacts.failure(path.toString(), LibC.errno());
        }
        return reopen(path.toString(), found);
    }

    /** What a file of the host holds, if there is one; see {@link #open} and {@link #read}. */
    public static Optional<byte[]> readIfExists(Path path, int bytesMax) throws IOException {
        try (RegularFile file = open(path)) {
            return Optional.of(file.read(bytesMax));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    /** Opens for reading what an {@code O_PATH} descriptor refers to, and closes that descriptor. */
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

    /** Who owns the open file, its mode and its size. */
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
     * Everything that the file holds.
     *
     * @throws FileSystemException if that is more than the limit
     */
    public byte[] read(int bytesMax) throws IOException {
        requireAtMost(bytesMax);
        // No more than its size: a file of proc(5) may have no end, and says that its size is 0.
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
