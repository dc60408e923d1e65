// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Control groups that a test must remove itself, because it kills the monitor of LXC that would do so, has made
 * them, or has LXC start what cannot run (LXC then leaves groups now and then). They belong to no namespace, so they
 * would outlive the laboratory. Closing this removes them, in every hierarchy below {@code /sys/fs/cgroup} that has
 * one of that name.
 */
public final class ControlGroups implements AutoCloseable {
    private final Set<String> names = new HashSet<>();

    /** Adds the groups that LXC has made for this process (cgroups(7), {@code /proc/pid/cgroup}). */
    public void addOf(long pid) {
        try {
            Files.readAllLines(Path.of("/proc/" + pid + "/cgroup")).stream()
                    .map(line -> line.substring(line.lastIndexOf('/') + 1))
                    .filter(name -> name.startsWith("lxc.payload.") || name.startsWith("lxc.monitor."))
                    .forEach(names::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void add(String name) {
        names.add(name);
    }

    /** Waits, because a group can only be removed a moment after its last process was killed. */
    @Override
    public void close() {
        for (String name : names) {
            eventually(() -> {
                find("-depth", "-type", "d", "(", "-name", name, "-o", "-path", "*/" + name + "/*", ")", "-delete");
                assertThat(find("-type", "d", "-name", name)).isEmpty();
            });
        }
    }

    /** Returns the output of find(1); it fails when other groups vanish meanwhile, which does no harm. */
    private static String find(String... expression) {
        String[] command = new String[expression.length + 2];
        command[0] = "find";
        command[1] = "/sys/fs/cgroup";
        System.arraycopy(expression, 0, command, 2, expression.length);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
