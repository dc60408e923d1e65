// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import java.util.ArrayList;
import java.util.List;

/** A dockerd of a test's own (Debian package docker.io), without a bridge or packet filter of its own. */
public final class PrivateDocker extends PrivateEngine {
    private boolean isLiveRestore;

    /** Makes its folder; nothing runs yet. */
    public PrivateDocker() {
        super("docker");
    }

    /** Whether containers go on while a dockerd that is started from now on is stopped. */
    public PrivateDocker liveRestore(boolean on) {
        isLiveRestore = on;
        return this;
    }

    @Override
    List<String> daemon() {
        List<String> command = new ArrayList<>(List.of(
                "dockerd",
                "--bridge=none",
                "--iptables=false",
                "--ip6tables=false",
                "--ip-forward=false",
                "--ip-masq=false",
                "--userland-proxy=false",
                "--storage-driver=vfs",
                "--cgroup-parent=" + controlGroup(),
                "--data-root=" + base().resolve("data"),
                "--exec-root=" + base().resolve("exec"),
                "--pidfile=" + base().resolve("pid"),
                "--host=unix://" + socket()));
        if (isLiveRestore) {
            command.add("--live-restore");
        }
        return command;
    }

    @Override
    List<String> tool() {
        return List.of("/usr/bin/docker", "--host", "unix://" + socket());
    }
}
