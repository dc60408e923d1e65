// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.space;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.kernel.ProcText;
import org.opdbus.verticles.kernel.RegularFile;
import org.opdbus.verticles.lab.process.LabFolders;

/**
 * The folder of a lab, and the file in it that says that the lab shall run. That file has the id of this boot, because a folder that
 * is configured to be on a disk survives a boot, and nothing that it names does. It is the first file that is made and the last
 * that is removed, so what other files there name is never without it.
 */
final class LabMark {
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final int BYTES_MAX = 64;
    private static final int LABS_MAX = 1_024;

    private final Path folder;
    private final Path mark;

    LabMark(LabFolders folders, String lab) {
        folder = folders.of(lab);
        mark = folders.wanted(lab);
    }

    /** Returns the labs that have a mark of this boot. */
    static List<String> marked(LabFolders folders) throws IOException {
        List<String> labs = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folders.labs())) {
            for (Path entry : entries) {
                String lab = String.valueOf(entry.getFileName());
                if (labs.size() < LABS_MAX && new LabMark(folders, lab).isSet()) {
                    labs.add(lab);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        }
        return labs.stream().sorted().toList();
    }

    /** Returns whether the lab shall run. */
    boolean isSet() throws IOException {
        if (!Files.isRegularFile(mark, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        Optional<byte[]> text = RegularFile.readIfExists(mark, BYTES_MAX);
        return text.isPresent() && new String(text.get(), StandardCharsets.US_ASCII).equals(boot());
    }

    /** Makes the folder and the mark, and removes first what a former boot left there. */
    void set() throws IOException {
        if (isSet()) {
            return;
        }
        clear();
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path part = folder.resolve("wanted.new");
        Files.writeString(part, boot());
        Files.move(part, mark, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes the folder, last the mark; does nothing if there is none. */
    void clear() throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new Removal());
        Files.deleteIfExists(mark);
        Files.deleteIfExists(folder);
    }

    private static String boot() throws IOException {
        return ProcText.read(BOOT, BYTES_MAX);
    }

    /** Symbolic links are removed and not followed. */
    private final class Removal extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (!file.equals(mark)) {
                Files.deleteIfExists(file);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            // A daemon that ends removes its sockets at the same time.
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path done, IOException failure) throws IOException {
            if (!done.equals(folder)) {
                Files.deleteIfExists(done);
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
