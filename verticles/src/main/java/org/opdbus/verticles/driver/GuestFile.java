// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Writes a file of a container from outside.
 *
 * <p>Whoever is root in there decides what is a symbolic link to where, so no link is followed on the way
 * (openat(2) with O_NOFOLLOW, one step at a time), and one in the place of the file is replaced: nothing outside of the
 * container's files can be reached.
 */
final class GuestFile {
    private static final Path TEMPORARY = Path.of(".op-dbus.tmp");
    private static final int EDITED_BYTES_MAX = 65_536;
    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rw-r--r--");

    private GuestFile() {}

    /** Replaces {@code rootfs/folders…/name}, readable by all; fails if a folder on the way is missing or a link. */
    static void replace(Path rootfs, List<String> folders, String name, String content) throws IOException {
        in(rootfs, folders, folder -> {
            write(folder, content, READABLE);
            folder.move(TEMPORARY, folder, Path.of(name));
        });
    }

    /**
     * Changes {@code rootfs/folders…/name}, which keeps its mode; does nothing if there is no such plain file, or nothing
     * to change.
     */
    static void edit(Path rootfs, List<String> folders, String name, UnaryOperator<String> change) throws IOException {
        try {
            in(rootfs, folders, folder -> {
                Path file = Path.of(name);
                PosixFileAttributeView view =
                        folder.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
                PosixFileAttributes attributes = view.readAttributes();
                if (!attributes.isRegularFile() || attributes.size() > EDITED_BYTES_MAX) {
                    return;
                }
                String before = read(folder, file);
                String after = change.apply(before);
                if (!after.equals(before)) {
                    write(folder, after, attributes.permissions());
                    folder.move(TEMPORARY, folder, file);
                }
            });
        } catch (NoSuchFileException none) {
            // This container has another kind of system.
        }
    }

    @FunctionalInterface
    private interface Work {
        void run(SecureDirectoryStream<Path> folder) throws IOException;
    }

    private static void in(Path rootfs, List<String> folders, Work work) throws IOException {
        try (DirectoryStream<Path> root = Files.newDirectoryStream(rootfs)) {
            in(secure(root, rootfs), folders, work);
        }
    }

    private static void in(SecureDirectoryStream<Path> at, List<String> folders, Work work) throws IOException {
        if (folders.isEmpty()) {
            work.run(at);
            return;
        }
        try (SecureDirectoryStream<Path> next =
                at.newDirectoryStream(Path.of(folders.get(0)), LinkOption.NOFOLLOW_LINKS)) {
            in(next, folders.subList(1, folders.size()), work);
        }
    }

    private static String read(SecureDirectoryStream<Path> folder, Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(EDITED_BYTES_MAX);
        try (SeekableByteChannel channel =
                folder.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            while (channel.read(buffer) > 0) {
                // The next read takes what this one did not.
            }
        }
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
    }

    private static void write(SecureDirectoryStream<Path> folder, String content, Set<PosixFilePermission> permissions)
            throws IOException {
        try {
            folder.deleteFile(TEMPORARY);
        } catch (NoSuchFileException usual) {
            // Only a run that was killed amid leaves one.
        }
        try (SeekableByteChannel channel = folder.newByteChannel(
                TEMPORARY,
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, LinkOption.NOFOLLOW_LINKS))) {
            ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.ISO_8859_1));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
        folder.getFileAttributeView(TEMPORARY, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setPermissions(permissions);
    }

    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream, Path folder) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        throw new NotDirectoryException(folder + " is on a file system without openat(2)");
    }
}
