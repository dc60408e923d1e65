// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import io.netty.channel.EventLoop;
import io.vertx.core.ThreadingModel;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The subscribers of one address whose contexts share an event loop. Vert.x delivers a message once to the loop, and this
 * hands it to each subscriber in turn, on the subscriber's own context. A delivery costs several times what a handler does
 * with a fact that it has no use for, and each fact has many subscribers.
 *
 * <p>Any thread may subscribe. Handlers run on the event loop's thread.
 */
final class LoopSubscribers {
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private final MessageConsumer<Object> consumer;

    private record Subscriber(ContextInternal context, Consumer<Object> handler) {}

    LoopSubscribers(VertxInternal vertx, EventLoop loop, String address) {
        // The consumer must not end with the verticle that subscribes first, so it gets a context of its own.
        ContextInternal own = vertx.contextBuilder()
                .withThreadingModel(ThreadingModel.EVENT_LOOP)
                .withEventLoop(loop)
                .build();
        EventBus messages = vertx.eventBus();
        ContextInternal before = own.beginDispatch();
        try {
            consumer = messages.localConsumer(address, message -> deliver(message.body()));
        } finally {
            own.endDispatch(before);
        }
    }

    private void deliver(Object body) {
        for (Subscriber subscriber : subscribers) {
            // A failure of one subscriber goes to the exception handler of its context, and the next one is still
            // served.
            subscriber.context.emit(body, subscriber.handler::accept);
        }
    }

    /** Adds a subscriber; returns what removes it again. */
    Runnable add(ContextInternal context, Consumer<Object> handler) {
        Subscriber subscriber = new Subscriber(context, handler);
        subscribers.add(subscriber);
        return () -> subscribers.remove(subscriber);
    }

    boolean isEmpty() {
        return subscribers.isEmpty();
    }

    /** Ends the deliveries. */
    void close() {
        consumer.unregister();
    }
}
