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
    /** Vert.x holds what a connection does not take without a limit. */
    private static final long EACH_BYTES_MAX = 1L << 20;

    private static final long ALL_BYTES_MAX = 32L << 20;

    private final EventBus events;
    private final UnderWay underWay = new UnderWay(EACH_BYTES_MAX, ALL_BYTES_MAX);

    /** The bus of this Vert.x instance, which is not the one of the local {@link Bus} unless a test says so. */
    public SharedBus(Vertx vertx) {
        events = vertx.eventBus();
    }

    /**
     * Sends to everybody at an address, unless too much is on its way there already because nobody takes it: then it is
     * dropped. How much is known of the host that takes it first, so for an address of several hosts that is the fastest.
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
