// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.driver.lxc.ContainerFolders;
import org.opdbus.verticles.kernel.FolderChain;
import org.opdbus.verticles.kernel.Inotify;
import org.opdbus.verticles.kernel.Inotify.Happening;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder lxc.path. Every folder in it that has a file {@code config} defines a container. */
final class DefinitionFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DefinitionFolder.class);
    private static final String CONFIG = "config";

    private final Path lxcPath;
    private final Inotify inotify = new Inotify();
    private final FolderChain chain;
    private Map<Integer, String> watches = Map.of();
    private Set<String> told = Set.of();

    DefinitionFolder(Path lxcPath) throws IOException {
        this.lxcPath = lxcPath;
        chain = new FolderChain(inotify, lxcPath, Inotify.ENTRIES);
    }

    /** Returns the descriptor for a poller. */
    int fd() {
        return inotify.fd();
    }

    /**
     * Begins to watch everything that exists, then returns the defined containers. A missing
     * lxc.path defines none.
     */
    Set<ContainerId> list() throws IOException {
        chain.watch();
        Set<ContainerId> defined = new HashSet<>();
        Map<Integer, String> now = new HashMap<>();
        ContainerFolders folders = ContainerFolders.in(lxcPath);
        tell(folders.leftOut());
        for (ContainerId id : folders.ids()) {
            Path folder = lxcPath.resolve(id.value());
            OptionalInt watch = inotify.watch(folder.toString(), Inotify.ENTRIES);
            watch.ifPresent(number -> now.put(number, id.value()));
            if (Files.isRegularFile(folder.resolve(CONFIG))) {
                defined.add(id);
            }
        }
        watches.keySet().stream().filter(old -> !now.containsKey(old)).forEach(inotify::remove);
        watches = now;
        return defined;
    }

    /** Returns whether the events since the last call require a new listing. */
    boolean hasChanged() {
        boolean changed = false;
        for (Happening happening : inotify.read()) {
            changed |= happening.is(Inotify.OVERFLOW)
                    || chain.concerns(happening)
                    || (watches.containsKey(happening.watch())
                            && (happening.name().equals(CONFIG) || happening.is(Inotify.MOVE_SELF)));
        }
        return changed;
    }

    /** Logs once for each folder that the agent ignores it. */
    private void tell(List<String> leftOut) {
        leftOut.stream()
                .filter(name -> !told.contains(name))
                .forEach(name -> LOG.warn(
                        "folder={} in {} is ignored: no container can have this name; rename it", name, lxcPath));
        told = Set.copyOf(leftOut);
    }

    @Override
    public void close() {
        inotify.close();
    }
}
