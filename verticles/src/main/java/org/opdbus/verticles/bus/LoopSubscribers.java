// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.opdbus.events.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscribers whose contexts share an event loop, and the facts on their way to them. A fact that waits for the loop
 * already wakes it, so the facts that follow cost no wake-up. Facts for which the loop has no subscriber do not wake it.
 *
 * <p>Any thread may subscribe and publish. Handlers run on the event loop's thread.
 */
final class LoopSubscribers {
    private static final Logger LOG = LoggerFactory.getLogger(LoopSubscribers.class);

    /** How many facts one turn of the loop delivers, so that a long listing does not hold up other work. */
    private static final int TURN_FACTS_MAX = 64;

    private final Executor loop;
    private final Map<Class<?>, List<Subscriber>> ofOneKind = new ConcurrentHashMap<>();
    private final List<Subscriber> ofAll = new CopyOnWriteArrayList<>();
    private final Queue<Event> waiting = new ArrayDeque<>();

    /** How many facts the turns take that the loop has been asked for. */
    private int places;

    private record Subscriber(ContextInternal context, Consumer<Event> handler) {}

    LoopSubscribers(Executor loop) {
        this.loop = loop;
    }

    /** Delivers a fact in a later turn of the loop, in the order of the calls. */
    void publish(Event event) {
        if (isWanted(event) && putNeedsTurn(event)) {
            try {
                loop.execute(this::deliverNext);
            } catch (RejectedExecutionException e) {
                LOG.debug("kind={} not delivered: the event loop has ended", event.kind());
            }
        }
    }

    private boolean isWanted(Event event) {
        return (event.told() && !ofAll.isEmpty()) || ofOneKind.containsKey(event.getClass());
    }

    /** Each turn takes as many facts as it may, so no fact waits longer than with a turn of its own. */
    private synchronized boolean putNeedsTurn(Event event) {
        waiting.add(event);
        if (waiting.size() <= places) {
            return false;
        }
        places += TURN_FACTS_MAX;
        return true;
    }

    private synchronized List<Event> takeOneTurn() {
        places -= TURN_FACTS_MAX;
        List<Event> taken = new ArrayList<>();
        while (taken.size() < TURN_FACTS_MAX && !waiting.isEmpty()) {
            taken.add(waiting.remove());
        }
        return taken;
    }

    private void deliverNext() {
        for (Event event : takeOneTurn()) {
            deliver(event, ofOneKind.getOrDefault(event.getClass(), List.of()));
            if (event.told()) {
                deliver(event, ofAll);
            }
        }
    }

    private static void deliver(Event event, List<Subscriber> subscribers) {
        for (Subscriber subscriber : subscribers) {
            // A failure of one subscriber goes to the exception handler of its context, and the next one is still
            // served.
            subscriber.context.emit(event, subscriber.handler::accept);
        }
    }

    /** Adds a subscriber of one kind of fact; returns what removes it again. */
    Runnable add(Class<?> kind, ContextInternal context, Consumer<Event> handler) {
        Subscriber subscriber = new Subscriber(context, handler);
        ofOneKind.computeIfAbsent(kind, key -> new CopyOnWriteArrayList<>()).add(subscriber);
        return () -> ofOneKind.computeIfPresent(kind, (key, subscribers) -> {
            subscribers.remove(subscriber);
            return subscribers.isEmpty() ? null : subscribers;
        });
    }

    /** Adds a subscriber of every told fact; returns what removes it again. */
    Runnable addOfAll(ContextInternal context, Consumer<Event> handler) {
        Subscriber subscriber = new Subscriber(context, handler);
        ofAll.add(subscriber);
        return () -> ofAll.remove(subscriber);
    }

    boolean isEmpty() {
        return ofOneKind.isEmpty() && ofAll.isEmpty();
    }
}
