// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.limits;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A single thread for tasks that wait for files and peers, one after the other, so that no locks are needed and other
 * threads are not blocked. A task that fails is reported and does not end the thread. After {@link #finish} it runs
 * nothing more. Any thread may call it.
 */
public final class TaskThread implements Executor {
    private final Consumer<Throwable> failed;
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor executor;

    /** A task. */
    public interface Work {
        void run() throws IOException, InterruptedException;
    }

    /** Creates a daemon thread of this name, and reports failures of tasks on it. */
    public TaskThread(String name, Consumer<Throwable> failed) {
        this.failed = failed;
        executor = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs a task as soon as the tasks before it are done; false if the thread has ended. */
    public boolean run(Work work) {
        return after(0, work);
    }

    /** Runs a task later; false if the thread has ended. */
    public boolean after(long delayMs, Work work) {
        try {
            Future<?> accepted = executor.schedule(() -> guarded(work), delayMs, TimeUnit.MILLISECONDS);
            return !accepted.isCancelled();
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }

    /** Runs a task later, unless one waits under this name already. */
    public void once(String name, long delayMs, Work work) {
        if (waiting.add(name)) {
            after(delayMs, () -> {
                waiting.remove(name);
                work.run();
            });
        }
    }

    /** Runs a task like {@link #run}; drops it if the thread has ended. */
    @Override
    public void execute(Runnable work) {
        boolean unused = run(work::run);
    }

    /**
     * Runs a task again and again, each time after a pause that varies by a quarter, so that hosts do not act in step.
     */
    public void every(long pauseMs, Work work) {
        after(pauseMs - pauseMs / 8 + ThreadLocalRandom.current().nextLong(Math.max(1, pauseMs / 4)), () -> {
            guarded(work);
            every(pauseMs, work);
        });
    }

    /**
     * Runs a last task, and waits for it; a task that takes longer is interrupted and abandoned.
     *
     * @return false if it was abandoned
     */
    public boolean finish(Work last, long limitMs) {
        try {
            Future<?> done = executor.submit(() -> guarded(last));
            executor.shutdown();
            done.get(limitMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException finishedBefore) {
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            executor.shutdownNow();
        }
        return true;
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException | LinkageError e) {
            failed.accept(e);
        }
    }
}
