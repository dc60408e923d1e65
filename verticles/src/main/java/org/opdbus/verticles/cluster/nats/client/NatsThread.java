// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import java.util.concurrent.Executor;
import org.opdbus.verticles.cluster.limits.PeerWarnings;
import org.opdbus.verticles.limits.TaskThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread of a link. After its end tasks are dropped. */
final class NatsThread extends TaskThread implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");

    NatsThread(String name, PeerWarnings warnings) {
        super(name, e -> warnings.warn("nats task", "a task failed: " + e));
    }

    @Override
    public void execute(Runnable work) {
        if (!run(work::run)) {
            LOG.debug("cluster: NATS: a task came after the end of its link");
        }
    }

    /** Runs a last task, and waits for it, but not longer than this. */
    void end(Work last, long limitMs) {
        if (!finish(last, limitMs)) {
            LOG.warn("cluster: a connection to a NATS server was not closed within {} ms; it is abandoned", limitMs);
        }
    }
}
