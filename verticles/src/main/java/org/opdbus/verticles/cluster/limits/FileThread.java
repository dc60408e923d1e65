// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.limits;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A thread that reads and writes files, so that heads and answers do not wait for a disk. Overflow rule: only so many
 * tasks wait; it refuses another one with a RejectedExecutionException.
 */
public final class FileThread implements Executor, AutoCloseable {
    private static final int WAITING_MAX = 64;

    private final ThreadPoolExecutor executor;

    /** Makes a thread of this name, for which at most {@value #WAITING_MAX} tasks wait. */
    public FileThread(String name) {
        this(name, WAITING_MAX);
    }

    /** Makes a thread of this name, which exists only while there is work. */
    public FileThread(String name, int waitingMax) {
        executor = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(waitingMax), work -> {
            Thread made = new Thread(work, name);
            made.setDaemon(true);
            return made;
        });
        executor.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable work) {
        executor.execute(work);
    }

    /** Lets the running task end, and drops the waiting ones. */
    @Override
    public void close() {
        executor.shutdown();
        executor.getQueue().clear();
    }
}
