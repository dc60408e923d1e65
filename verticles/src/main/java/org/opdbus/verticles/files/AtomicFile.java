// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;

/**
 * Replaces a file so that readers see either the whole old file or the whole new one, even after a
 * power failure.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /**
     * Replaces the file. It keeps its owner, group and mode; only its owner can read a new file.
     *
     * @throws IOException if that failed; then the old file is unchanged
     */
    public static void replace(Path file, byte[] content) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path temporary = Files.createTempFile(folder, ".op-dbus-", ".tmp");
        try {
            write(temporary, content);
            keepAttributes(file, temporary);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException failure) {
            Files.deleteIfExists(temporary);
            throw failure;
        }
        // The new name is on disk only after the folder is synced.
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private static void keepAttributes(Path from, Path to) throws IOException {
        if (Files.exists(from)) {
            PosixFileAttributes kept = Files.readAttributes(from, PosixFileAttributes.class);
            PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
            view.setOwner(kept.owner());
            view.setGroup(kept.group());
            view.setPermissions(kept.permissions());
        }
    }
}
