// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import java.util.HashSet;
import java.util.Set;
import org.opdbus.verticles.limits.TaskThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The single thread for all work about the cluster. After {@link #close} it runs nothing more. */
final class ClusterThread extends TaskThread {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");

    private final Set<String> waiting = new HashSet<>();

    ClusterThread() {
        super(
                "op-dbus-cluster",
                defect -> LOG.error("cluster: a defect; the cluster continues without this task", defect));
    }

    /** Runs a task later, unless one waits under this name already. Call it on the thread. */
    void once(String name, long delayMs, Work work) {
        if (waiting.add(name)) {
            after(delayMs, () -> {
                waiting.remove(name);
                work.run();
            });
        }
    }

    /** Runs a last task, and waits for it; a task that takes longer is interrupted and abandoned. */
    void close(Work last, long limitMs) {
        if (!finish(last, limitMs)) {
            LOG.warn("cluster: it was not left within {} ms; it is abandoned", limitMs);
        }
    }
}
