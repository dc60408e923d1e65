// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import io.reactivex.rxjava3.disposables.Disposable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.opdbus.events.Event;
import org.opdbus.verticles.bus.Bus;

/** Remembers every event of a bus and waits for the one that a test needs. */
public final class BusWatcher implements AutoCloseable {
    /** How long a test waits for what must happen: far longer than the slowest machine needs. */
    public static final Duration GENEROUS = Duration.ofSeconds(60);

    private final List<Event> seen = new ArrayList<>();
    private final Disposable subscription;

    public BusWatcher(Bus bus) {
        subscription = bus.subscribeAll(this::remember);
    }

    private synchronized void remember(Event event) {
        seen.add(event);
        notifyAll();
    }

    /** Everything seen so far, in order. */
    public synchronized List<Event> seen() {
        return List.copyOf(seen);
    }

    /** The events of one type seen so far, in order. */
    public <E extends Event> List<E> seen(Class<E> type) {
        return seen().stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Waits for the first event of this type for which the condition holds, past ones included. */
    public synchronized <E extends Event> E expect(Class<E> type, Predicate<E> condition) {
        long deadline = System.nanoTime() + GENEROUS.toNanos();
        int next = 0;
        while (true) {
            for (; next < seen.size(); next++) {
                Event event = seen.get(next);
                if (type.isInstance(event) && condition.test(type.cast(event))) {
                    return type.cast(event);
                }
            }
            long leftMs = (deadline - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                throw new AssertionError("no " + type.getSimpleName() + " as expected within " + GENEROUS
                        + "; the last events were " + seen.subList(Math.max(0, seen.size() - 20), seen.size()));
            }
            try {
                wait(leftMs);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + type.getSimpleName(), e);
            }
        }
    }

    @Override
    public void close() {
        subscription.dispose();
    }
}
