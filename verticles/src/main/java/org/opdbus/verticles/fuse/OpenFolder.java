// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.fuse.tree.Node;
import org.opdbus.verticles.fuse.tree.Node.Folder;

/** The entries of a folder, as one opener sees them: as they were when it began to list them. Several threads may use it. */
final class OpenFolder {
    private final Folder folder;
    private @Nullable List<Entry> entries;
    private long begun;

    OpenFolder(Folder folder) {
        this.folder = folder;
    }

    /** An entry. */
    record Entry(String name, Node node) {}

    Folder folder() {
        return folder;
    }

    /**
     * Returns the entries; makes the list anew from {@code now} if the opener begins at the beginning, and if the kernel had its own
     * list so far and dropped it.
     */
    synchronized List<Entry> entries(boolean fromBeginning, Folder now, long time) {
        List<Entry> known = entries;
        if (known != null && !fromBeginning) {
            return known;
        }
        List<Entry> list = new ArrayList<>();
        now.forEach((name, node) -> list.add(new Entry(name, node)));
        entries = list;
        begun = time;
        return list;
    }

    /** Returns when the list was made. */
    synchronized long begun() {
        return begun;
    }
}
