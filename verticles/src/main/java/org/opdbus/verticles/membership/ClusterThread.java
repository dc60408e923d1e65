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
 * The one thread on which everything about the cluster is done, one thing after the other, so that nothing needs a lock
 * and waiting holds up nobody else. After {@link #close} it does nothing more.
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

    /** Does it as soon as what is before it is done; false if the thread has ended. */
    boolean run(Runnable work) {
        return after(0, work);
    }

    /** Does it later; false if the thread has ended. */
    boolean after(long delayMs, Runnable work) {
        try {
            Future<?> accepted = executor.schedule(guarded(work), delayMs, TimeUnit.MILLISECONDS);
            return !accepted.isCancelled();
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }

    /** Does it later, unless it waits under this name already. To be called on the thread. */
    void once(String name, long delayMs, Runnable work) {
        if (waiting.add(name)) {
            after(delayMs, () -> {
                waiting.remove(name);
                work.run();
            });
        }
    }

    /** Does it again and again, for the first time after a part of the interval. */
    void every(long intervalMs, Runnable work) {
        long first = ThreadLocalRandom.current().nextLong(intervalMs);
        after(first, () -> {
            work.run();
            every(intervalMs, work);
        });
    }

    /** Does a last thing, and waits for it; what takes longer is interrupted and left. */
    void close(Runnable last, long limitMs) {
        try {
            Future<?> done = executor.submit(guarded(last));
            executor.shutdown();
            done.get(limitMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.debug("cluster: closed twice");
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("cluster: it was not left in {} ms; it is left behind", limitMs);
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
                LOG.error("cluster: a defect; the cluster goes on without what was to be done", defect);
            }
        };
    }
}
