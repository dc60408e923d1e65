// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.opdbus.verticles.fuse.tree.TreeChange;

/** Changes that the kernel is still to be told, each once. Past a limit all of them become one {@link TreeChange.Lost}. Thread-safe. */
final class PendingChanges {
    static final int COUNT_MAX = 8192;

    private final Set<TreeChange> changes = new LinkedHashSet<>();
    private boolean ended;

    synchronized void add(TreeChange change) {
        if (changes.size() >= COUNT_MAX) {
            changes.clear();
            changes.add(new TreeChange.Lost());
        }
        changes.add(change);
        notifyAll();
    }

    /** Ends the waiting. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Waits for changes and takes all; none means the end. */
    synchronized List<TreeChange> take() throws InterruptedException {
        while (changes.isEmpty() && !ended) {
            wait();
        }
        List<TreeChange> taken = ended ? List.of() : new ArrayList<>(changes);
        changes.clear();
        return taken;
    }
}
