// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single thread for all work about the cluster, one task after the other, so that no locks are needed and waiting
 * blocks no other work. After {@link #close} it runs nothing more.
 */
final class ClusterThread {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");

    private final Set<String> waiting = new HashSet<>();
    private final ScheduledThreadPoolExecutor executor;

    ClusterThread() {
        executor = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "op-dbus-cluster");
            thread.setDaemon(true);
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
        executor.setRemoveOnCancelPolicy(true);
    }

    /** Runs a task as soon as the tasks before it are done; false if the thread has ended. */
    boolean run(Runnable work) {
        return after(0, work);
    }

    /** Runs a task later; false if the thread has ended. */
    boolean after(long delayMs, Runnable work) {
        try {
            Future<?> accepted = executor.schedule(guarded(work), delayMs, TimeUnit.MILLISECONDS);
            return !accepted.isCancelled();
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }

    /** Runs a task later, unless one waits under this name already. Call it on the thread. */
    void once(String name, long delayMs, Runnable work) {
        if (waiting.add(name)) {
            after(delayMs, () -> {
                waiting.remove(name);
                work.run();
            });
        }
    }

    /** Runs a task repeatedly, for the first time after a part of the interval. */
    void every(long intervalMs, Runnable work) {
        long first = ThreadLocalRandom.current().nextLong(intervalMs);
        after(first, () -> {
            work.run();
            every(intervalMs, work);
        });
    }

    /** Runs a last task, and waits for it; a task that takes longer is interrupted and abandoned. */
    void close(Runnable last, long limitMs) {
        try {
            Future<?> done = executor.submit(guarded(last));
            executor.shutdown();
            done.get(limitMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.debug("cluster: closed twice");
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("cluster: it was not left within {} ms; it is abandoned", limitMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            executor.shutdownNow();
        }
    }

    private static Runnable guarded(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException | LinkageError defect) {
                LOG.error("cluster: a defect; the cluster continues without this task", defect);
            }
        };
    }
}
