// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.buffer.Buffer;
import java.util.Collection;
import java.util.function.Consumer;
import org.opdbus.verticles.bus.SharedBus;

/**
 * The clustered event bus of Vert.x. Heads go to one address that every host listens to. Everything else goes to each
 * host at its own address, so that a host that does not read is noticed and blocks no other.
 */
public final class EmbeddedTransport implements ClusterTransport {
    static final String TO_ALL = "op-dbus.cluster.all";
    static final String TO_HOST = "op-dbus.cluster.host.";

    private final SharedBus bus;

    public EmbeddedTransport(SharedBus bus) {
        this.bus = bus;
    }

    @Override
    public void publishHead(Buffer head) {
        bus.publish(TO_ALL, head);
    }

    @Override
    public void publishFacts(Collection<String> hosts, Buffer facts) {
        hosts.forEach(host -> send(host, facts));
    }

    @Override
    public void fetchEntries(String host, long from, Buffer question) {
        send(host, question);
    }

    @Override
    public void send(String host, Buffer message) {
        bus.publish(TO_HOST + host, message);
    }

    @Override
    public Disposable receive(String self, Consumer<Buffer> receiver) {
        return new CompositeDisposable(bus.subscribe(TO_ALL, receiver), bus.subscribe(TO_HOST + self, receiver));
    }
}
