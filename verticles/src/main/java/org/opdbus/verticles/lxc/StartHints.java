// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.kernel.FolderChain;
import org.opdbus.verticles.kernel.Inotify;
import org.opdbus.verticles.kernel.Inotify.Happening;

/**
 * Traces in the file system that a start leaves, by any program: liblxc opens the container's lock file about a millisecond
 * before its monitor listens, and makes control groups afterwards. Each trace names its container, so its cost does not
 * depend on anything else on the host.
 */
final class StartHints implements AutoCloseable {
    /** liblxc keeps the lock files of root's containers here, under their lxc.path, as {@code .<name>}. */
    private static final String LOCKS = "/run/lxc/lock";
    /**
     * The mount points of the hierarchies: cgroup v2, the v2 half of a hybrid layout, and the v1
     * hierarchy that always exists.
     */
    private static final List<String> CGROUP_ROOTS =
            List.of("/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd");
    /** The beginnings of the names of the groups that LXC makes in the root, unless configured otherwise. */
    private static final List<String> GROUP_PREFIXES = List.of("lxc.monitor.", "lxc.payload.");
    /** Proxmox has a folder for each of the two kinds. */
    private static final List<String> GROUP_FOLDERS = List.of("lxc.monitor", "lxc");

    private static final Pattern NUMBER = Pattern.compile("-[0-9]{1,3}$");

    private final Inotify inotify = new Inotify();
    private final List<FolderChain> locks = new ArrayList<>();
    /** The watched folders of control groups. */
    private final Map<Integer, GroupFolder> groups = new HashMap<>();

    private record GroupFolder(Path path, boolean isRoot) {}

    /**
     * The traces since the last call.
     *
     * @param locks the containers whose lock files were opened
     * @param groups the names of control groups that were made: a container's name, perhaps with a number that LXC appended
     * @param lost whether the kernel has dropped traces, or there are too many to follow one by one
     */
    record Traces(Set<String> locks, Set<String> groups, boolean lost) {
        private static Traces none() {
            return new Traces(new LinkedHashSet<>(), new LinkedHashSet<>(), false);
        }

        private Traces limited(boolean overflow) {
            return new Traces(locks, groups, overflow || locks.size() + groups.size() > StartAttempts.CONTAINERS_MAX);
        }
    }

    /** Creates the hints for containers whose lxc.path has one of these names. */
    StartHints(List<String> lxcPaths) throws IOException {
        for (String lxcPath : lxcPaths) {
            locks.add(new FolderChain(inotify, Path.of(LOCKS + lxcPath), Inotify.OPEN | Inotify.ENTRIES));
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
        watchGroups();
    }

    /** Returns the traces since the last call. */
    Traces read() throws IOException {
        Traces traces = Traces.none();
        boolean overflow = false;
        Set<FolderChain> moved = new LinkedHashSet<>();
        boolean foldersMade = false;
        for (Happening happening : inotify.read()) {
            overflow |= happening.is(Inotify.OVERFLOW);
            foldersMade |= readGroup(happening, traces.groups());
            for (FolderChain chain : locks) {
                boolean inside = chain.isInside(happening);
                if (inside && happening.is(Inotify.OPEN | Inotify.CREATE | Inotify.MOVED_TO)) {
                    lockOwner(happening.name()).ifPresent(traces.locks()::add);
                } else if (!inside && chain.concerns(happening) && !happening.is(Inotify.OPEN)) {
                    moved.add(chain);
                }
            }
        }
        // A new watch does not report what was made or opened before it was set.
        for (FolderChain chain : moved) {
            chain.watch();
            list(chain.folder(), name -> lockOwner(name).ifPresent(traces.locks()::add));
        }
        if (foldersMade) {
            for (GroupFolder folder : watchGroups()) {
                list(folder.path(), traces.groups()::add);
            }
        }
        return traces.limited(overflow);
    }

    /**
     * Returns the containers that a group of this name may belong to. If a group of the container's name exists already,
     * LXC appends a number: {@code web-1} belongs to the container {@code web-1} or to {@code web}.
     */
    static List<ContainerId> ownersOfGroup(String group) {
        return Stream.of(group, NUMBER.matcher(group).replaceFirst(""))
                .distinct()
                .filter(ContainerId::isValid)
                .map(ContainerId::new)
                .toList();
    }

    /** Adds the group's name; returns whether a folder of groups was made instead. */
    private boolean readGroup(Happening happening, Set<String> names) {
        GroupFolder folder = groups.get(happening.watch());
        if (folder == null) {
            return false;
        }
        if (happening.is(Inotify.IGNORED)) {
            groups.remove(happening.watch());
            return false;
        }
        if (!folder.isRoot()) {
            names.add(happening.name());
            return false;
        }
        for (String prefix : GROUP_PREFIXES) {
            if (happening.name().startsWith(prefix)) {
                names.add(happening.name().substring(prefix.length()));
            }
        }
        return GROUP_FOLDERS.contains(happening.name());
    }

    /** Watches all folders of control groups; returns those below a root. */
    private List<GroupFolder> watchGroups() throws IOException {
        List<GroupFolder> below = new ArrayList<>();
        for (String root : CGROUP_ROOTS) {
            watchGroup(new GroupFolder(Path.of(root), true));
            for (String name : GROUP_FOLDERS) {
                GroupFolder folder = new GroupFolder(Path.of(root, name), false);
                watchGroup(folder);
                below.add(folder);
            }
        }
        return below;
    }

    private void watchGroup(GroupFolder folder) throws IOException {
        inotify.watch(folder.path().toString(), Inotify.CREATE).ifPresent(watch -> groups.put(watch, folder));
    }

    private static Optional<String> lockOwner(String file) {
        return file.length() > 1 && file.startsWith(".") ? Optional.of(file.substring(1)) : Optional.empty();
    }

    private static void list(Path folder, Consumer<String> names) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(entry -> names.accept(String.valueOf(entry.getFileName())));
        } catch (NoSuchFileException | NotDirectoryException gone) {
            // It is gone again; the watch above it reports when it is made anew.
        } catch (DirectoryIteratorException failure) {
            throw failure.getCause();
        }
    }

    @Override
    public void close() {
        inotify.close();
    }
}
