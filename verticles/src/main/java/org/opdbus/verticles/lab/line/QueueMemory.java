// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.line;

import java.util.concurrent.atomic.AtomicLong;

/** How much memory the queues of a process may still take together. Safe for use by any thread. */
final class QueueMemory {
    private final AtomicLong left;

    QueueMemory(long bytes) {
        left = new AtomicLong(bytes);
    }

    /** Returns whether so much was left, which the caller may take from now on. */
    boolean take(long bytes) {
        long before = left.getAndUpdate(now -> now >= bytes ? now - bytes : now);
        return before >= bytes;
    }

    void giveBack(long bytes) {
        left.addAndGet(bytes);
    }
}
