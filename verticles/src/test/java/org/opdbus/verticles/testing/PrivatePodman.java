// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

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
    }

    @Override
    List<String> daemon() {
        return Stream.concat(tool().stream(), Stream.of("system", "service", "--time=0", "unix://" + socket()))
                .toList();
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
