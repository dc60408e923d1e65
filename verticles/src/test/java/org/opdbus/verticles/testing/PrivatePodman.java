// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A Podman service of a test's own. Podman itself needs no service to run containers: those run by {@link #run} are run by podman
 * beside it, as a user does.
 */
public final class PrivatePodman extends PrivateEngine {
    /** Makes its folder; nothing runs yet. */
    public PrivatePodman() {
        super("podman");
        coverTheHostsCache();
    }

    /** Podman keeps a cache outside of its folders, which no option moves; the laboratory's own ends with the laboratory. */
    private static void coverTheHostsCache() {
        String cover = "grep -q ' /var/lib/containers tmpfs ' /proc/self/mounts"
                + " || { mkdir -p /var/lib/containers && mount -t tmpfs tmpfs /var/lib/containers; }";
        try {
            if (new ProcessBuilder("sh", "-c", cover).inheritIO().start().waitFor() != 0) {
                throw new AssertionError("cannot cover /var/lib/containers");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while covering /var/lib/containers", e);
        }
    }

    @Override
    List<String> daemon() {
        return Stream.of(
                        List.of("env", "CONTAINERS_CONF=" + settings()),
                        tool(),
                        List.of("system", "service", "--time=0", "unix://" + socket()))
                .flatMap(List::stream)
                .toList();
    }

    /** The process that watches over a program in a container stays for five minutes after it by default. */
    private Path settings() {
        try {
            return Files.writeString(base().resolve("containers.conf"), "[engine]\nexit_command_delay = 1\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    List<String> tool() {
        return List.of(
                "podman",
                "--root=" + base().resolve("root"),
                "--runroot=" + base().resolve("run"),
                "--tmpdir=" + base().resolve("tmp"),
                "--runtime=/usr/sbin/runc",
                "--cgroup-manager=cgroupfs",
                "--storage-driver=vfs",
                "--events-backend=file");
    }
}
