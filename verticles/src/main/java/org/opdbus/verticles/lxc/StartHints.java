// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.opdbus.verticles.kernel.Inotify;
import org.opdbus.verticles.kernel.Inotify.Happening;

/**
 * Traces in the file system that every start leaves, whoever starts: liblxc opens the container's lock file about a
 * millisecond before its monitor listens, and makes a cgroup after.
 *
 * <p>None of them says more than "look for command sockets now".
 */
final class StartHints implements AutoCloseable {
    /** liblxc's lock files for root's containers are here, under their lxc.path. */
    private static final String LOCKS = "/run/lxc/lock";
    /** Where hierarchies are mounted: cgroup v2, the v2 half of a hybrid layout, and the one v1 that always exists. */
    private static final List<String> CGROUP_ROOTS =
            List.of("/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd");
    /** {@code lxc.monitor.<id>} is made in the root, unless configured; Proxmox has a folder for each. */
    private static final List<String> CGROUP_PARENTS = List.of("", "lxc", "lxc.monitor");

    private final Inotify lockEvents = new Inotify();
    private final Inotify cgroupEvents;
    private final List<FolderChain> locks = new ArrayList<>();

    /** Hints about containers whose lxc.path is called by one of these names. */
    StartHints(List<String> lxcPaths) throws IOException {
        cgroupEvents = new Inotify();
        int mask = Inotify.OPEN | Inotify.CLOSE_WRITE | Inotify.ENTRIES;
        for (String lxcPath : lxcPaths) {
            locks.add(new FolderChain(lockEvents, Path.of(LOCKS + lxcPath), mask));
        }
    }

    /** For a poller. */
    List<Integer> fds() {
        return List.of(lockEvents.fd(), cgroupEvents.fd());
    }

    /** Watches everything that exists. */
    void watch() throws IOException {
        for (FolderChain chain : locks) {
            chain.watch();
        }
        for (String root : CGROUP_ROOTS) {
            for (String parent : CGROUP_PARENTS) {
                cgroupEvents.watch(root + "/" + parent, Inotify.CREATE);
            }
        }
    }

    /** Whether something may have started since the last call. */
    boolean anything() throws IOException {
        boolean hint = !cgroupEvents.read().isEmpty();
        boolean moved = false;
        for (Happening happening : lockEvents.read()) {
            boolean concerned = happening.is(Inotify.OVERFLOW) || locks.stream().anyMatch(c -> c.concerns(happening));
            hint |= concerned;
            moved |= concerned && !happening.is(Inotify.OPEN | Inotify.CLOSE_WRITE);
        }
        if (moved) {
            watch();
        }
        return hint;
    }

    @Override
    public void close() {
        lockEvents.close();
        cgroupEvents.close();
    }
}
