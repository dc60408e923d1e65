// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import io.netty.channel.EventLoop;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** All subscribers of facts, by event loop and address. Safe for use by any thread. */
final class FactSubscribers {
    private final VertxInternal vertx;
    private final Map<Place, LoopSubscribers> places = new HashMap<>();

    private record Place(EventLoop loop, String address) {}

    FactSubscribers(VertxInternal vertx) {
        this.vertx = vertx;
    }

    /** Calls the handler for each message of the address, on the caller's context, until the subscription is disposed of. */
    Disposable subscribe(String address, Consumer<Object> handler) {
        ContextInternal context = vertx.getOrCreateContext();
        return context.isEventLoopContext()
                ? subscribe(new Place(context.nettyEventLoop(), address), context, handler)
                : alone(address, handler);
    }

    private synchronized Disposable subscribe(Place place, ContextInternal context, Consumer<Object> handler) {
        LoopSubscribers there =
                places.computeIfAbsent(place, key -> new LoopSubscribers(vertx, key.loop(), key.address()));
        Runnable leave = there.add(context, handler);
        return Disposable.fromRunnable(() -> leave(place, there, leave));
    }

    private synchronized void leave(Place place, LoopSubscribers there, Runnable leave) {
        leave.run();
        if (there.isEmpty() && places.remove(place, there)) {
            there.close();
        }
    }

    /** A context of worker threads has no event loop to share. */
    private Disposable alone(String address, Consumer<Object> handler) {
        MessageConsumer<Object> consumer =
                vertx.eventBus().localConsumer(address, message -> handler.accept(message.body()));
        return Disposable.fromAction(consumer::unregister);
    }
}
