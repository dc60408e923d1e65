// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.opdbus.verticles.testing.Links;

/** Everything by which labs can be seen on a host: namespaces, links, mounts and processes. */
record LabTraces(String namespaces, String links, List<String> mounts, Set<String> processes) {
    static LabTraces now() {
        try {
            return new LabTraces(
                    Links.ip("netns", "list"),
                    Links.ip("-o", "link"),
                    Files.readAllLines(Path.of("/proc/self/mounts")),
                    programs());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Requires that nothing is there that was not there before, and that all of that still is. */
    void requireNothingLeft(String story) {
        assertThat(now()).as(story).isEqualTo(this);
    }

    /** Returns the processes that labs start, with their numbers. */
    static Set<String> programs() throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            for (Path entry : entries.toList()) {
                String name = name(entry);
                if (name.startsWith("ovs") || name.startsWith("qemu") || name.startsWith("lxc")) {
                    found.add(name + " " + entry.getFileName());
                }
            }
        }
        return found;
    }

    private static String name(Path process) {
        try {
            String name = Files.readString(process.resolve("comm")).strip();
            boolean isZombie = Files.readString(process.resolve("stat")).contains(") Z ");
            return isZombie ? "" : name;
        } catch (IOException ended) {
            return "";
        }
    }
}
