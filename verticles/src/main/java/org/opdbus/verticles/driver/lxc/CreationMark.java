// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.lxc;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.files.AtomicFile;
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
    /** The position of starttime in {@code /proc/pid/stat}, after the name of the program. */
    private static final int START_TIME = 19;

    private static final int BYTES_MAX = 65_536;

    /** Returns a mark of this process. */
    static CreationMark ours(Optional<Path> rootfs) {
        long pid = ProcessHandle.current().pid();
        return new CreationMark(pid, startOf(pid), rootfs);
    }

    static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(NAME));
    }

    /** Returns the mark in this folder; empty if there is none, or none that can be parsed. */
    static Optional<CreationMark> read(Path folder) throws IOException {
        return RegularFile.readIfExists(folder.resolve(NAME), BYTES_MAX)
                .map(bytes ->
                        of(new String(bytes, StandardCharsets.UTF_8).lines().toList()));
    }

    private static CreationMark of(List<String> lines) {
        return lines.size() < 3
                ? new CreationMark(0, "", Optional.empty())
                : new CreationMark(
                        Long.parseLong(lines.get(0)),
                        lines.get(1),
                        Optional.of(lines.get(2))
                                .filter(path -> !path.isEmpty())
                                .map(Path::of));
    }

    /** Written atomically: a reader would take half a mark for one that a killed process left. */
    void writeTo(Path folder) throws IOException {
        AtomicFile.replace(folder.resolve(NAME), text());
    }

    private byte[] text() {
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
        return pid > 0 && !started.isEmpty() && started.equals(startOf(pid));
    }

    /** Returns the start time; empty text if there is no such process. */
    private static String startOf(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[START_TIME];
        } catch (IOException gone) {
            return "";
        }
    }
}
