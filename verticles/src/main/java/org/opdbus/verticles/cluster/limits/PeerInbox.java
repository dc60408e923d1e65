// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.limits;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.opdbus.verticles.limits.TaskThread;

/**
 * The messages of peers that wait for the one thread that does all work about peers. Overflow rule: at most {@value
 * #WAITING_MAX} messages of {@value #BYTES_MAX} bytes in total wait; another one is dropped, and requested again. Safe for
 * use by any thread.
 */
public final class PeerInbox {
    public static final int WAITING_MAX = 4096;
    public static final long BYTES_MAX = 16L << 20;

    private final TaskThread thread;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong waitingBytes = new AtomicLong();

    public PeerInbox(TaskThread thread) {
        this.thread = thread;
    }

    /** Runs a task for a message of this many bytes, unless too much waits; returns whether it will run. */
    public boolean take(int bytes, TaskThread.Work work) {
        boolean isPlace = waiting.incrementAndGet() <= WAITING_MAX;
        isPlace &= waitingBytes.addAndGet(bytes) <= BYTES_MAX;
        boolean isTaken = isPlace
                && thread.run(() -> {
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
}
