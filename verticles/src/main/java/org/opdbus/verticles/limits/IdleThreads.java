// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.limits;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Makes daemon threads that exist only while there is work, and for ten seconds after it. */
public final class IdleThreads {
    private static final int IDLE_S = 10;

    private IdleThreads() {}

    /** Returns so many threads of one name. Any number of tasks may wait for them: the caller limits it. */
    public static ThreadPoolExecutor of(String name, int count) {
        return of(name, count, Integer.MAX_VALUE);
    }

    /**
     * Returns so many threads of one name.
     *
     * @param waitingMax so many tasks may wait; one more is refused with a {@link RejectedExecutionException}
     */
    public static ThreadPoolExecutor of(String name, int count, int waitingMax) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                count, count, IDLE_S, TimeUnit.SECONDS, new LinkedBlockingQueue<>(waitingMax), work -> {
                    Thread made = new Thread(work, name);
                    made.setDaemon(true);
                    return made;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
