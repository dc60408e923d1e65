// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import static org.opdbus.verticles.kernel.LibC.LIBC;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import jnr.constants.platform.Errno;
import jnr.constants.platform.OpenFlags;

/**
 * The root folder of a guest, opened once; its files are read and replaced beneath it.
 *
 * <p>The guest's root user controls what each name refers to, and may change it at any moment. So this class resolves
 * every path with openat2(2) beneath the opened folder, without any symbolic link. If the kernel lacks openat2
 * (before 5.6), or a seccomp filter forbids it, this class walks one name at a time with {@code O_NOFOLLOW} instead.
 * No path can leave the guest's files, and only regular files are opened ({@link RegularFile}).
 *
 * <p>Paths are relative, with plain names between slashes: {@code etc/netclient/nodes.json}. Waits for the disk: see
 * {@link RegularFile} for file systems that a guest serves itself. Not safe for use by several threads.
 */
public final class GuestRoot implements AutoCloseable {
    private static final Pattern PATH = Pattern.compile("[^/\\x00]+(/[^/\\x00]+)*");

    /** The number of openat2(2), the same on every architecture. */
    private static final int OPENAT2 = 437;

    private static final int HOW_BYTES = 24;
    private static final int RESOLVE_NO_MAGICLINKS = 0x02;
    private static final int RESOLVE_NO_SYMLINKS = 0x04;
    private static final int RESOLVE_BENEATH = 0x08;

    private final String name;
    private final int fd;
    private final boolean oneByOne;

    private GuestRoot(String name, int fd, boolean oneByOne) {
        this.name = name;
        this.fd = fd;
        this.oneByOne = oneByOne;
    }

    /**
     * Opens the root of a running guest: that of its first process, with the guest's own mounts.
     *
     * @throws NoSuchFileException if the process has ended
     */
    public static GuestRoot ofProcess(long initPid) throws IOException {
        return at(pathOf(initPid));
    }

    /** Returns the path on the host of a running guest's root, by its first process. */
    public static Path pathOf(long initPid) {
        return Path.of("/proc", Long.toString(initPid), "root");
    }

    /** Returns whether a guest still runs, by its first process. It asks the kernel for a name, and touches no file of the guest. */
    public static boolean exists(long initPid) {
        try {
            return !Files.readSymbolicLink(pathOf(initPid)).toString().isEmpty();
        } catch (IOException ended) {
            return false;
        }
    }

    /** Opens the root of a guest by its path on the host, which the agent trusts. */
    public static GuestRoot at(Path rootfs) throws IOException {
        return at(rootfs, false);
    }

    /** Opens the root; the caller can choose not to use openat2(2). */
    static GuestRoot at(Path rootfs, boolean oneByOne) throws IOException {
        int fd = LIBC.openat(
                RegularFile.AT_FDCWD,
                LibC.path(rootfs.toString()),
                folderFlags() & ~OpenFlags.O_NOFOLLOW.intValue(),
                0);
        if (fd < 0) {
            throw FileFacts.failure(rootfs.toString(), LibC.errno());
        }
        return new GuestRoot(rootfs.toString(), fd, oneByOne);
    }

    /**
     * Returns the content of a file of the guest; empty if there is no such file.
     *
     * @throws IOException if it is not a regular file, is longer than the limit, or the path contains a symbolic link
     */
    public Optional<byte[]> read(String path, int bytesMax) throws IOException {
        try (RegularFile file = open(path)) {
            return Optional.of(file.read(bytesMax));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    private RegularFile open(String path) throws IOException {
        return RegularFile.reopen(describe(path), find(path, RegularFile.pathFlags()));
    }

    /**
     * Replaces a file of the guest: a reader in the guest sees either the old or the new one. A regular file keeps
     * its owner and permissions; a new file, or one that replaces something else, belongs to the owner of its folder
     * and is readable by all. The folder must exist; this method replaces a symbolic link in the place of the file
     * and never follows it.
     *
     * @throws IOException if that failed; then the old one is unchanged
     */
    public void replace(String path, byte[] content) throws IOException {
        int slash = path.lastIndexOf('/');
        int folder = slash < 0 ? find(".", folderFlags()) : find(path.substring(0, slash), folderFlags());
        try {
            new GuestFolder(describe(path), folder).replace(path.substring(slash + 1), content);
        } finally {
            LIBC.close(folder);
        }
    }

    /** Returns a descriptor for the object at a path, of any kind; the caller must close it. */
    private int find(String path, int flags) throws IOException {
        if (!PATH.matcher(path).matches() || List.of(path.split("/", -1)).contains("..")) {
            throw new IllegalArgumentException("not a path of plain names: " + path);
        }
        int found = oneByOne ? -1 : resolve(path, flags);
        Errno errno = found < 0 && !oneByOne ? LibC.errno() : Errno.ENOSYS;
        if (found < 0 && (errno == Errno.ENOSYS || errno == Errno.EPERM)) {
            return walk(path, flags);
        }
        if (found < 0) {
            throw FileFacts.failure(describe(path), errno);
        }
        return found;
    }

    private int resolve(String path, int flags) {
        byte[] how = ByteBuffer.allocate(HOW_BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(flags)
                .putLong(0)
                .putLong(RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS)
                .array();
        return (int) LIBC.syscall(OPENAT2, fd, LibC.path(path), how, how.length);
    }

    private int walk(String path, int flags) throws IOException {
        int at = fd;
        String[] names = path.split("/", -1);
        for (int i = 0; i < names.length; i++) {
            int next = LIBC.openat(at, LibC.path(names[i]), i == names.length - 1 ? flags : folderFlags(), 0);
            Errno errno = LibC.errno();
            if (at != fd) {
                LIBC.close(at);
            }
            if (next < 0) {
                throw FileFacts.failure(describe(path), errno);
            }
            at = next;
        }
        return at;
    }

    private static int folderFlags() {
        return RegularFile.pathFlags() | OpenFlags.O_DIRECTORY.intValue();
    }

    private String describe(String path) {
        return name + "/" + path;
    }

    @Override
    public void close() {
        LIBC.close(fd);
    }
}
