// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.opdbus.verticles.kernel.FolderChain;
import org.opdbus.verticles.kernel.Inotify;
import org.opdbus.verticles.kernel.Inotify.Happening;

/**
 * Traces in the file system that every start leaves, by any program: liblxc
 * opens the container's lock file about a millisecond before its monitor listens, and makes a
 * cgroup afterwards.
 *
 * <p>Each trace means only "look for command sockets now".
 */
final class StartHints implements AutoCloseable {
    /** liblxc keeps the lock files of root's containers here, under their lxc.path. */
    private static final String LOCKS = "/run/lxc/lock";
    /**
     * The mount points of the hierarchies: cgroup v2, the v2 half of a hybrid layout, and the v1
     * hierarchy that always exists.
     */
    private static final List<String> CGROUP_ROOTS =
            List.of("/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd");
    /**
     * LXC makes {@code lxc.monitor.<id>} in the root unless configured otherwise; Proxmox has a
     * folder for each.
     */
    private static final List<String> CGROUP_PARENTS = List.of("", "lxc", "lxc.monitor");

    private final Inotify inotify = new Inotify();
    private final List<FolderChain> locks = new ArrayList<>();
    private final Set<Integer> cgroups = new HashSet<>();

    /** Creates the hints for containers whose lxc.path has one of these names. */
    StartHints(List<String> lxcPaths) throws IOException {
        int mask = Inotify.OPEN | Inotify.CLOSE_WRITE | Inotify.ENTRIES;
        for (String lxcPath : lxcPaths) {
            locks.add(new FolderChain(inotify, Path.of(LOCKS + lxcPath), mask));
        }
    }

    /** Returns the descriptor for a poller. */
    int fd() {
        return inotify.fd();
    }

    /** Begins to watch everything that exists. */
    void watch() throws IOException {
        for (FolderChain chain : locks) {
            chain.watch();
        }
        for (String root : CGROUP_ROOTS) {
            for (String parent : CGROUP_PARENTS) {
                inotify.watch(root + "/" + parent, Inotify.CREATE).ifPresent(cgroups::add);
            }
        }
    }

    /** Returns whether a container may have started since the last call. */
    boolean anything() throws IOException {
        boolean hint = false;
        boolean moved = false;
        for (Happening happening : inotify.read()) {
            boolean lock = locks.stream().anyMatch(chain -> chain.concerns(happening));
            hint |= lock || cgroups.contains(happening.watch()) || happening.is(Inotify.OVERFLOW);
            moved |= lock && !happening.is(Inotify.OPEN | Inotify.CLOSE_WRITE);
        }
        if (moved) {
            watch();
        }
        return hint;
    }

    @Override
    public void close() {
        inotify.close();
    }
}
