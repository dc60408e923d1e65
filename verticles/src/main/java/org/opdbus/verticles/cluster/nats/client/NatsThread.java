// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The single thread for all work on a link. After its end tasks are dropped. */
final class NatsThread implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");

    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, work -> {
        Thread made = new Thread(work, "op-dbus-nats");
        made.setDaemon(true);
        return made;
    });

    @Override
    public void execute(Runnable work) {
        after(0, work);
    }

    /** Runs a task later. */
    void after(long delayMs, Runnable work) {
        try {
            Future<?> accepted = executor.schedule(() -> guarded(work), delayMs, TimeUnit.MILLISECONDS);
            if (accepted.isCancelled()) {
                LOG.debug("cluster: a task came after the end of its link");
            }
        } catch (RejectedExecutionException ended) {
            LOG.debug("cluster: a task came after the end of its link");
        }
    }

    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException defect) {
            LOG.error("cluster: a defect; the cluster continues without this task", defect);
        }
    }

    /** Interrupts the running task, and drops the waiting ones. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
