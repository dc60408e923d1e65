// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.lxc;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.files.AtomicFile;
import org.opdbus.verticles.kernel.ProcessStat;
import org.opdbus.verticles.kernel.RegularFile;

/**
 * The file in a container's folder while the container is being created. It names the process that creates it. So the
 * next creation of the container recognises and removes what a killed process left.
 *
 * @param pid the process that creates it
 * @param started when that process was started, in the kernel's ticks (proc(5), {@code /proc/pid/stat}, starttime)
 * @param rootfs a folder elsewhere that is made for it, if any
 */
record CreationMark(long pid, String started, Optional<Path> rootfs) {
    private static final String NAME = ".op-dbus-creating";
    private static final int BYTES_MAX = 65_536;

    /** Returns a mark of this process. */
    static CreationMark ours(Optional<Path> rootfs) {
        long pid = ProcessHandle.current().pid();
        return new CreationMark(pid, startOf(pid), rootfs);
    }

    static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(NAME));
    }

    /**
     * Returns the mark in this folder; empty if there is none.
     *
     * @throws IOException also if the file there is not a mark of the agent's
     */
    static Optional<CreationMark> read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        Optional<byte[]> bytes = RegularFile.readIfExists(file, BYTES_MAX);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        Optional<CreationMark> mark = parse(new String(bytes.get(), StandardCharsets.UTF_8));
        if (mark.isEmpty()) {
            throw new FileSystemException(
                    file.toString(), null, "is not of the form that op-dbus writes: process, start time, rootfs");
        }
        return mark;
    }

    /** Parses the file's text; empty if it has another form than {@link #text} gives it. */
    static Optional<CreationMark> parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() != 3 || !lines.get(0).matches("[1-9][0-9]{0,9}")) {
            return Optional.empty();
        }
        try {
            Optional<Path> rootfs =
                    Optional.of(lines.get(2)).filter(path -> !path.isEmpty()).map(Path::of);
            return Optional.of(new CreationMark(Long.parseLong(lines.get(0)), lines.get(1), rootfs));
        } catch (InvalidPathException noPath) {
            return Optional.empty();
        }
    }

    /** Written atomically: a reader would take half a mark for one that a killed process left. */
    void writeTo(Path folder) throws IOException {
        AtomicFile.replace(folder.resolve(NAME), text());
    }

    byte[] text() {
        List<String> lines =
                List.of(Long.toString(pid), started, rootfs.map(Path::toString).orElse(""));
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** An operation on a folder with a mark in it. */
    interface Deed {
        void run() throws IOException;
    }

    /**
     * Runs the operation, unless another process runs it or has run it. Of two processes that find the remains, one
     * removes them, and not what has been begun in their place.
     *
     * @return whether it was run
     */
    boolean whileIn(Path folder, Deed deed) throws IOException {
        Path file = folder.resolve(NAME);
        try {
            Object before = key(file);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    FileLock lock = channel.tryLock()) {
                // Not opened again here: closing that second descriptor would release the lock
                // (fcntl(2), record locks).
                if (lock == null || !isWhat(channel) || !key(file).equals(before)) {
                    return false;
                }
                deed.run();
                return true;
            }
        } catch (OverlappingFileLockException | NoSuchFileException another) {
            return false;
        }
    }

    private static Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private boolean isWhat(FileChannel channel) throws IOException {
        byte[] text = text();
        return Arrays.equals(text, Channels.newInputStream(channel).readNBytes(text.length + 1));
    }

    static void removeFrom(Path folder) throws IOException {
        Files.delete(folder.resolve(NAME));
    }

    /** Returns whether that process is still creating it. */
    boolean isAlive() {
        return !started.isEmpty() && started.equals(startOf(pid));
    }

    /** Returns the start time; empty text if there is no such process. */
    private static String startOf(long pid) {
        return ProcessStat.of(pid).map(ProcessStat::started).orElse("");
    }
}
