// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.limits;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single thread for all work about peers. A failure there ends in a log line and does not end the thread.
 *
 * <p>Overflow rule: at most {@value #WAITING_MAX} messages of {@value #BYTES_MAX} bytes in total wait for it; another
 * one is dropped, and requested again.
 */
public final class PeerThread {
    public static final int WAITING_MAX = 4096;
    public static final long BYTES_MAX = 16L << 20;

    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");
    private static final String OWN = "";

    private final PeerWarnings warnings;
    private final RandomGenerator jitter = new Random();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, work -> {
        Thread made = new Thread(work, "op-dbus-peers");
        made.setDaemon(true);
        return made;
    });

    /** A task. */
    public interface Work {
        void run() throws IOException, InterruptedException;
    }

    public PeerThread(PeerWarnings warnings) {
        this.warnings = warnings;
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs the task as soon as the tasks before it are done; false if the thread has ended. */
    public boolean run(Work work) {
        return after(0, work);
    }

    /** Runs a task for a message of this many bytes, unless too much waits; returns whether it will run. */
    public boolean take(int bytes, Work work) {
        boolean isPlace = waiting.incrementAndGet() <= WAITING_MAX;
        isPlace &= waitingBytes.addAndGet(bytes) <= BYTES_MAX;
        boolean isTaken = isPlace
                && run(() -> {
                    leave(bytes);
                    work.run();
                });
        if (!isTaken) {
            leave(bytes);
        }
        return isTaken;
    }

    private void leave(int bytes) {
        waiting.decrementAndGet();
        waitingBytes.addAndGet(-bytes);
    }

    /** Runs the task later; false if the thread has ended. */
    public boolean after(long pauseMs, Work work) {
        try {
            Future<?> accepted = executor.schedule(() -> guarded(work), pauseMs, TimeUnit.MILLISECONDS);
            return !accepted.isCancelled();
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }

    /**
     * Runs the task again and again, each time after a pause that varies by a quarter, so that hosts do not act in
     * step.
     */
    public void every(long pauseMs, Work work) {
        after(pauseMs - pauseMs / 8 + jitter.nextLong(Math.max(1, pauseMs / 4)), () -> {
            guarded(work);
            every(pauseMs, work);
        });
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            warnings.warn(OWN, "a task failed and is tried again: " + e);
        }
    }

    /** Runs a last task, and waits for it, but not longer than this. */
    public void end(Work last, long limitMs) {
        try {
            Future<?> done = executor.submit(() -> guarded(last));
            executor.shutdown();
            done.get(limitMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException ended) {
            LOG.debug("cluster: ended twice");
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("cluster: what is known of peers was not saved within {} ms", limitMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            executor.shutdownNow();
        }
    }
}
