// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import io.reactivex.rxjava3.core.Single;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.limits.IdleThreads;

/**
 * Work that waits, such as starts and stops of labs: that on one lab in turn, that on different labs at once. So much of it waits at
 * most; more is refused. Safe for use by any thread.
 */
final class LabTurns implements AutoCloseable {
    private static final int WAITING_MAX = 64;
    private static final int PARALLEL_MAX = 16;

    /** The work that waits, by the lab; a lab on which nothing is done has no entry. */
    private final Map<String, Deque<Runnable>> turns = new HashMap<>();

    private int waiting;
    private boolean closed;
    /** There is at most one runnable a lab in the queue, and each of them has work that was counted. */
    private final ThreadPoolExecutor threads = IdleThreads.of("op-dbus-labs", PARALLEL_MAX, WAITING_MAX);

    /** Does the work when its turn has come, on a thread that may wait, also if the subscriber has left. */
    <T> Single<T> of(String lab, Callable<T> work) {
        return Single.create(emitter -> enter(lab, () -> {
            try {
                emitter.onSuccess(work.call());
            } catch (Exception | Error failure) {
                emitter.tryOnError(failure);
            }
        }));
    }

    private synchronized void enter(String lab, Runnable work) {
        if (closed) {
            throw new LabRefusal("the agent ends", "try again when it has started again");
        }
        if (waiting == WAITING_MAX) {
            throw new LabRefusal(
                    WAITING_MAX + " starts and stops of labs wait already", "try again when some of them are done");
        }
        waiting++;
        Deque<Runnable> present = turns.get(lab);
        if (present == null) {
            turns.put(lab, new ArrayDeque<>(List.of(work)));
            threads.execute(() -> work(lab));
        } else {
            present.add(work);
        }
    }

    private void work(String lab) {
        for (Runnable next = next(lab); next != null; next = next(lab)) {
            try {
                next.run();
            } finally {
                done();
            }
        }
    }

    private synchronized void done() {
        waiting--;
    }

    private synchronized @Nullable Runnable next(String lab) {
        Deque<Runnable> present = turns.get(lab);
        Runnable next = present == null ? null : present.poll();
        if (next == null) {
            turns.remove(lab);
        }
        return next;
    }

    /** Takes nothing more. What has begun or waits is still done. */
    @Override
    public synchronized void close() {
        closed = true;
        threads.shutdown();
    }
}
