// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.opdbus.verticles.kernel.Inotify.Happening;

/**
 * Watches a folder that may not exist yet, may be removed and made again, and may be a symbolic link: it watches the
 * folder and its parent, or otherwise the deepest ancestor that exists.
 */
public final class FolderChain {
    /** More rounds than the folders that a program could make one by one during the watch. */
    private static final int ROUNDS_MAX = 64;

    private final Inotify inotify;
    private final Path folder;
    private final int mask;
    /** The relevant entry of each watch; empty if every entry is relevant. */
    private Map<Integer, String> watches = Map.of();

    public FolderChain(Inotify inotify, Path folder, int mask) {
        this.inotify = inotify;
        this.folder = folder;
        this.mask = mask;
    }

    /** Watches what exists now; call it again after every relevant event. */
    public void watch() throws IOException {
        Path deepest = folder;
        for (int round = 0; round < ROUNDS_MAX; round++) {
            Map<Integer, String> now = new HashMap<>();
            deepest = deepest();
            Path parent = deepest.getParent();
            if (deepest.equals(folder)) {
                add(now, folder, mask, "");
                if (parent != null) {
                    add(now, parent, Inotify.ENTRIES, String.valueOf(folder.getFileName()));
                }
            } else {
                add(
                        now,
                        deepest,
                        Inotify.ENTRIES,
                        folder.getName(deepest.getNameCount()).toString());
            }
            watches.keySet().stream().filter(old -> !now.containsKey(old)).forEach(inotify::remove);
            watches = now;
            // The new watch does not report what was made before it was set.
            if (deepest.equals(deepest())) {
                return;
            }
        }
        throw new IOException("the folders above " + folder + " change too fast to be watched");
    }

    /** Returns whether the event may mean that the folder has changed, appeared, or been removed. */
    public boolean concerns(Happening happening) {
        String entry = watches.get(happening.watch());
        return entry != null
                && (entry.isEmpty()
                        || entry.equals(happening.name())
                        || happening.is(Inotify.IGNORED | Inotify.DELETE_SELF | Inotify.MOVE_SELF));
    }

    /** Returns whether the event is about an entry of the folder, and not about the folder or one above it. */
    public boolean isInside(Happening happening) {
        return "".equals(watches.get(happening.watch())) && !happening.name().isEmpty();
    }

    /** Returns the folder. */
    public Path folder() {
        return folder;
    }

    private void add(Map<Integer, String> now, Path path, int events, String entry) throws IOException {
        OptionalInt watch = inotify.watch(path.toString(), events);
        if (watch.isPresent()) {
            now.put(watch.getAsInt(), entry);
        }
    }

    private Path deepest() {
        Path path = folder;
        while (path.getParent() != null && !Files.isDirectory(path)) {
            path = path.getParent();
        }
        return path;
    }
}
