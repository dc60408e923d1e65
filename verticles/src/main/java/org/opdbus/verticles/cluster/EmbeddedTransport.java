// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.bus.SharedBus;

/**
 * Sends messages on the shared bus while there is one. Facts go to each host that is up at its own address, so that a
 * host that does not read is noticed and blocks no other; heartbeats, which are few and small, go to all hosts at
 * once. For use by any thread, except the facts, which one thread sends.
 */
final class Post implements Siblings.Mail {
    static final String TO_ALL = "op-dbus.cluster.all";
    static final String TO_HOST = "op-dbus.cluster.host.";

    private final Supplier<List<String>> up;
    private final Complaints complaints;
    private volatile @Nullable SharedBus bus;

    Post(Supplier<List<String>> up, Complaints complaints) {
        this.up = up;
        this.complaints = complaints;
    }

    void use(@Nullable SharedBus now) {
        bus = now;
    }

    boolean isOpen() {
        return bus != null;
    }

    @Override
    public void toAll(Message message) {
        if (message instanceof Message.Copies) {
            Buffer bytes = Wire.write(message);
            up.get().forEach(host -> send(TO_HOST + host, host, bytes));
        } else {
            send(TO_ALL, message.host(), Wire.write(message));
        }
    }

    @Override
    public void to(String host, Message message) {
        send(TO_HOST + host, host, Wire.write(message));
    }

    private void send(String address, String host, Buffer bytes) {
        SharedBus open = bus;
        if (bytes.length() > Wire.BYTES_MAX) {
            complaints.warn(host, "a message of " + bytes.length() + " bytes is too long for its receivers");
        } else if (open != null) {
            // A message that finds no room is dropped; the receiver requests what it misses.
            open.publish(address, bytes);
        }
    }
}
