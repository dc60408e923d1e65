// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.opdbus.verticles.testing.LxcContainers;

/** Starts and stops the same containers again and again, until it is closed. */
final class Restarts implements AutoCloseable {
    private final LxcContainers lxc;
    private final List<String> ids;
    private final AtomicInteger count = new AtomicInteger();
    private final CompletableFuture<Void> going;
    private volatile boolean isOver;

    Restarts(LxcContainers lxc, List<String> ids) {
        this.lxc = lxc;
        this.ids = List.copyOf(ids);
        going = CompletableFuture.runAsync(this::restart);
    }

    private void restart() {
        while (!isOver) {
            lxc.startAll(ids);
            lxc.stopAll(ids);
            count.incrementAndGet();
        }
    }

    int count() {
        return count.get();
    }

    /** Ends it when all are stopped; fails if one could not be started or stopped. */
    @Override
    public void close() {
        isOver = true;
        going.join();
    }
}
