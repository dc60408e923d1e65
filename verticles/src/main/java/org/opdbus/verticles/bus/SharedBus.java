// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Consumer;

/**
 * A bus of several hosts: it sends bytes to all listeners of an address, on all hosts. Best effort: a message may be
 * lost, duplicated or overtaken. Safe for use by any thread.
 */
public final class SharedBus {
    /** Vert.x itself has no limit for the bytes that it buffers for a slow connection. */
    private static final long EACH_BYTES_MAX = 1L << 20;

    private static final long ALL_BYTES_MAX = 32L << 20;

    private final EventBus events;
    private final UnderWay underWay = new UnderWay(EACH_BYTES_MAX, ALL_BYTES_MAX);

    /** Uses the bus of this Vert.x instance. Outside tests this is another instance than that of the local {@link Bus}. */
    public SharedBus(Vertx vertx) {
        events = vertx.eventBus();
    }

    /**
     * Sends to all listeners of an address. The bus drops the message if too many bytes are on their way to this address
     * because its listeners do not read. Bytes count as arrived when the first host has read them, so for an address with
     * several hosts the limit follows the fastest host.
     *
     * @return whether the message was sent
     */
    public boolean publish(String address, Buffer bytes) {
        int length = bytes.length();
        if (!underWay.begin(address, length)) {
            return false;
        }
        events.publisher(address).write(bytes).onComplete(done -> underWay.end(address, length));
        return true;
    }

    /**
     * Calls the handler with what is published at an address, until the subscription is disposed of. The handler must not
     * block its thread.
     */
    public Disposable subscribe(String address, Consumer<Buffer> handler) {
        MessageConsumer<Object> consumer = events.consumer(address, message -> {
            if (message.body() instanceof Buffer bytes) {
                handler.accept(bytes);
            }
        });
        return Disposable.fromAction(consumer::unregister);
    }
}
