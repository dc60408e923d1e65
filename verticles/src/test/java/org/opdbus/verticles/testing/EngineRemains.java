// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What an engine leaves when it has been killed: mounts, control groups and files. */
final class EngineRemains {
    private EngineRemains() {}

    static void remove(Path base, String controlGroup) {
        try {
            // Podman cleans up after a container in a process of its own, which would make the folder again.
            eventually(() -> noProcessOf(base));
            for (String mount : mountsBelow(base)) {
                // A mount below one that is gone already is gone, too.
                int ignored = new ProcessBuilder("umount", "-l", mount)
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.DISCARD)
                        .start()
                        .waitFor();
            }
            delete(base);
            try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
                for (Path hierarchy : Stream.concat(Stream.of(Path.of("/sys/fs/cgroup")), hierarchies)
                        .toList()) {
                    Path group = hierarchy.resolve(controlGroup);
                    if (Files.isDirectory(group)) {
                        eventually(() -> removeGroup(group));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while cleaning up", e);
        }
    }

    private static void noProcessOf(Path base) {
        List<String> left = ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(base.toString()))
                .toList();
        if (!left.isEmpty()) {
            throw new AssertionError("processes of the engine go on: " + left);
        }
    }

    private static List<String> mountsBelow(Path base) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .map(line -> line.split(" ", 3)[1])
                .filter(mount -> mount.startsWith(base + "/"))
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    private static void removeGroup(Path group) throws IOException {
        try (Stream<Path> below = Files.walk(group)) {
            for (Path each : below.filter(Files::isDirectory)
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                Files.deleteIfExists(each);
            }
        }
    }

    private static void delete(Path base) throws IOException {
        try (Stream<Path> files = Files.walk(base)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
