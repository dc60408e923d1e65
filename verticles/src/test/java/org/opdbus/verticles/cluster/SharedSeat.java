// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.buffer.Buffer;
import java.util.Collection;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.opdbus.verticles.bus.SharedBus;

/** Listens at one member of the embedded bus for several hosts, which share what is sent to all. */
public final class SharedSeat {
    private SharedSeat() {}

    /**
     * Passes on what arrives until it is disposed of.
     *
     * @param toOne receives the host's name with each message to it
     * @param toAll receives each message to all hosts once
     */
    public static Disposable receive(
            SharedBus bus, Collection<String> hosts, BiConsumer<String, Buffer> toOne, Consumer<Buffer> toAll) {
        CompositeDisposable seats = new CompositeDisposable(bus.subscribe(EmbeddedTransport.TO_ALL, toAll));
        hosts.forEach(
                host -> seats.add(bus.subscribe(EmbeddedTransport.TO_HOST + host, bytes -> toOne.accept(host, bytes))));
        return seats;
    }
}
