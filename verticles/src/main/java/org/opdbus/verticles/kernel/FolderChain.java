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
 * The watch on a folder that may not exist yet, may be removed and made again, and may be a symbolic link: the folder and
 * its parent, or else the deepest ancestor that exists.
 */
public final class FolderChain {
    /** More rounds than folders that somebody could make one by one while they are being watched. */
    private static final int ROUNDS_MAX = 64;

    private final Inotify inotify;
    private final Path folder;
    private final int mask;
    /** By watch, the entry in it that matters; empty where every entry does. */
    private Map<Integer, String> watches = Map.of();

    public FolderChain(Inotify inotify, Path folder, int mask) {
        this.inotify = inotify;
        this.folder = folder;
        this.mask = mask;
    }

    /** Watches what exists now; to be called again after every relevant happening. */
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
            // What was made before the watch was set is not told by it.
            if (deepest.equals(deepest())) {
                return;
            }
        }
        throw new IOException("the folders above " + folder + " come and go too fast to be watched");
    }

    /** Whether the happening may mean that the folder has changed, come, or gone. */
    public boolean concerns(Happening happening) {
        String entry = watches.get(happening.watch());
        return entry != null
                && (entry.isEmpty()
                        || entry.equals(happening.name())
                        || happening.is(Inotify.IGNORED | Inotify.DELETE_SELF | Inotify.MOVE_SELF));
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
