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
    /** Vert.x buffers without a limit what a connection does not take. */
    private static final long EACH_BYTES_MAX = 1L << 20;

    private static final long ALL_BYTES_MAX = 32L << 20;

    private final EventBus events;
    private final UnderWay underWay = new UnderWay(EACH_BYTES_MAX, ALL_BYTES_MAX);

    /** Uses the bus of this Vert.x instance, which is not the one of the local {@link Bus} except in tests. */
    public SharedBus(Vertx vertx) {
        events = vertx.eventBus();
    }

    /**
     * Sends to all listeners of an address. If too much is on its way there already because no listener reads, the
     * message is dropped. How much is known for the host that reads first, so for an address of several hosts that is
     * the fastest.
     *
     * @return whether it was sent
     */
    public boolean publish(String address, Buffer bytes) {
        int length = bytes.length();
        if (!underWay.begin(address, length)) {
            return false;
        }
        events.publisher(address).write(bytes).onComplete(done -> underWay.end(address, length));
        return true;
    }

    /** Receives what is published at an address, on a thread that must not block, until disposed of. */
    public Disposable subscribe(String address, Consumer<Buffer> handler) {
        MessageConsumer<Object> consumer = events.consumer(address, message -> {
            if (message.body() instanceof Buffer bytes) {
                handler.accept(bytes);
            }
        });
        return Disposable.fromAction(consumer::unregister);
    }
}
