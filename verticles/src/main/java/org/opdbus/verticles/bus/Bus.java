// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Consumer;
import org.opdbus.events.Address;
import org.opdbus.events.Event;

/** Publishes facts and subscribes to them; see the package for what is promised. Safe for use by any thread. */
public final class Bus {
    private static final DeliveryOptions LOCAL =
            new DeliveryOptions().setLocalOnly(true).setCodecName(EventCodec.NAME);

    private final EventBus events;

    /** A bus on this Vert.x instance, of which there may be one. */
    public Bus(Vertx vertx) {
        events = vertx.eventBus();
        events.registerCodec(new EventCodec());
    }

    /** Tells everybody that a fact is true. */
    public void publish(Event event) {
        events.publish(Address.of(event).value(), event, LOCAL);
        events.publish(Address.EVERY_EVENT, event, LOCAL);
    }

    /** Hears one kind of event, on the caller's context, until disposed of. */
    public <E extends Event> Disposable subscribe(Address<E> address, Consumer<E> handler) {
        MessageConsumer<E> consumer = events.localConsumer(address.value(), message -> handler.accept(message.body()));
        return Disposable.fromAction(consumer::unregister);
    }

    /** Hears every event, in the order of each publisher, on the caller's context, until disposed of. */
    public Disposable subscribeAll(Consumer<Event> handler) {
        MessageConsumer<Event> consumer =
                events.localConsumer(Address.EVERY_EVENT, message -> handler.accept(message.body()));
        return Disposable.fromAction(consumer::unregister);
    }
}
