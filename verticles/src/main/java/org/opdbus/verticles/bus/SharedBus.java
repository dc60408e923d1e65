// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Consumer;

/**
 * A bus of several hosts: bytes to everybody who listens at an address, whatever host they are on. Best effort: what is
 * sent may be lost, doubled or overtaken. Safe for use by any thread.
 */
public final class SharedBus {
    private final EventBus events;

    /** The bus of this Vert.x instance, which is not the one of the local {@link Bus} unless a test says so. */
    public SharedBus(Vertx vertx) {
        events = vertx.eventBus();
    }

    public void publish(String address, Buffer bytes) {
        events.publish(address, bytes);
    }

    /** Hears what is published at an address, on a thread that must not be held up, until disposed of. */
    public Disposable subscribe(String address, Consumer<Buffer> handler) {
        MessageConsumer<Object> consumer = events.consumer(address, message -> {
            if (message.body() instanceof Buffer bytes) {
                handler.accept(bytes);
            }
        });
        return Disposable.fromAction(consumer::unregister);
    }
}
