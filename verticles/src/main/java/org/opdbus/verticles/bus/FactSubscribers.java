// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.opdbus.events.Event;

/**
 * All subscribers of facts, by event loop. A delivery by Vert.x's bus costs several times what a handler does with a fact that
 * it has no use for, and each fact has many subscribers. So facts go to event loops directly. Safe for use by any thread.
 */
final class FactSubscribers {
    private final VertxInternal vertx;
    private final Map<Object, LoopSubscribers> loops = new ConcurrentHashMap<>();

    FactSubscribers(VertxInternal vertx) {
        this.vertx = vertx;
    }

    /** Delivers a fact to its subscribers. */
    void publish(Event event) {
        loops.values().forEach(loop -> loop.publish(event));
    }

    /** Calls the handler for each fact of one kind, on the caller's context, until the subscription is disposed of. */
    Disposable subscribe(Class<?> kind, Consumer<Event> handler) {
        return subscribe((loop, context) -> loop.add(kind, context, handler));
    }

    /** Calls the handler for each told fact, on the caller's context, until the subscription is disposed of. */
    Disposable subscribeAll(Consumer<Event> handler) {
        return subscribe((loop, context) -> loop.addOfAll(context, handler));
    }

    private synchronized Disposable subscribe(BiFunction<LoopSubscribers, ContextInternal, Runnable> subscription) {
        ContextInternal context = vertx.getOrCreateContext();
        // A context of worker threads has no event loop to share.
        boolean onLoop = context.isEventLoopContext();
        Object place = onLoop ? context.nettyEventLoop() : context;
        Executor turns = onLoop ? context.nettyEventLoop() : task -> context.runOnContext(now -> task.run());
        LoopSubscribers there = loops.computeIfAbsent(place, key -> new LoopSubscribers(turns));
        Runnable leave = subscription.apply(there, context);
        return Disposable.fromRunnable(() -> leave(place, there, leave));
    }

    private synchronized void leave(Object place, LoopSubscribers there, Runnable leave) {
        leave.run();
        if (there.isEmpty()) {
            loops.remove(place, there);
        }
    }
}
