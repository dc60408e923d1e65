// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.limits;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands values to a thread that only needs the newest one. Overflow rule: one value waits; a newer one replaces it, and
 * the thread learns that something was lost. Any thread may offer a value; that returns at once.
 */
public final class Newest<T> {
    private final Consumer<Runnable> thread;
    private final Taker<T> taker;
    private final AtomicReference<@Nullable T> waiting = new AtomicReference<>();
    private final AtomicBoolean hasLost = new AtomicBoolean();

    /** Receives a value on the thread. */
    public interface Taker<T> {
        /**
         * Takes a value.
         *
         * @param hasLost whether values were lost since the last one that was taken
         */
        void take(T value, boolean hasLost);
    }

    /**
     * Holds nothing yet.
     *
     * @param thread runs a task, later
     */
    public Newest(Consumer<Runnable> thread, Taker<T> taker) {
        this.thread = thread;
        this.taker = taker;
    }

    /** Hands over a value. */
    public void offer(T value) {
        if (waiting.getAndSet(value) == null) {
            thread.accept(this::take);
        } else {
            hasLost.set(true);
        }
    }

    private void take() {
        T value = waiting.getAndSet(null);
        if (value != null) {
            taker.take(value, hasLost.getAndSet(false));
        }
    }
}
