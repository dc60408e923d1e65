// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.kernel.FolderChain;
import org.opdbus.verticles.kernel.Inotify;
import org.opdbus.verticles.kernel.Inotify.Happening;

/** The folder lxc.path: every folder in it that holds a file {@code config} defines a container. */
final class DefinitionFolder implements AutoCloseable {
    private static final String CONFIG = "config";

    private final Path lxcPath;
    private final Inotify inotify = new Inotify();
    private final FolderChain chain;
    private Map<Integer, String> watches = Map.of();

    DefinitionFolder(Path lxcPath) throws IOException {
        this.lxcPath = lxcPath;
        chain = new FolderChain(inotify, lxcPath, Inotify.ENTRIES);
    }

    /** For a poller. */
    int fd() {
        return inotify.fd();
    }

    /** Watches everything that exists, then tells which containers are defined. A missing lxc.path defines none. */
    Set<ContainerId> list() throws IOException {
        chain.watch();
        Set<ContainerId> defined = new HashSet<>();
        Map<Integer, String> now = new HashMap<>();
        for (String name : folders()) {
            OptionalInt watch = inotify.watch(lxcPath.resolve(name).toString(), Inotify.ENTRIES);
            watch.ifPresent(number -> now.put(number, name));
            if (Files.isRegularFile(lxcPath.resolve(name).resolve(CONFIG))) {
                defined.add(new ContainerId(name));
            }
        }
        watches.keySet().stream().filter(old -> !now.containsKey(old)).forEach(inotify::remove);
        watches = now;
        return defined;
    }

    /** Whether what has happened since the last call calls for another list. */
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

    private List<String> folders() throws IOException {
        try (Stream<Path> entries = Files.list(lxcPath)) {
            return entries.filter(Files::isDirectory)
                    .map(entry -> String.valueOf(entry.getFileName()))
                    .filter(DefinitionFolder::isContainerId)
                    .toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** A folder whose name has a control character cannot be a container that anybody works with. */
    private static boolean isContainerId(String name) {
        return name.chars().noneMatch(c -> c < ' ');
    }

    @Override
    public void close() {
        inotify.close();
    }
}
