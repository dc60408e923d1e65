// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.limits;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.opdbus.verticles.limits.TaskThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single thread for all work about peers. A failure there ends in a log line and does not end the thread.
 *
 * <p>Overflow rule: at most {@value #WAITING_MAX} messages of {@value #BYTES_MAX} bytes in total wait for it; another
 * one is dropped, and requested again.
 */
public final class PeerThread extends TaskThread {
    public static final int WAITING_MAX = 4096;
    public static final long BYTES_MAX = 16L << 20;

    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");
    private static final String OWN = "";

    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong waitingBytes = new AtomicLong();

    public PeerThread(PeerWarnings warnings) {
        super("op-dbus-peers", e -> warnings.warn(OWN, "a task failed and is tried again: " + e));
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

    /** Runs a last task, and waits for it, but not longer than this. */
    public void end(Work last, long limitMs) {
        if (!finish(last, limitMs)) {
            LOG.warn("cluster: what is known of peers was not saved within {} ms", limitMs);
        }
    }
}
