// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import org.opdbus.events.Event;

/** Hands on the same immutable record within the process, and refuses the wire. */
final class EventCodec implements MessageCodec<Event, Event> {
    static final String NAME = "op-dbus-event";

    @Override
    public void encodeToWire(Buffer buffer, Event event) {
        throw new UnsupportedOperationException("events of the local bus do not leave the process: " + event.kind());
    }

    @Override
    public Event decodeFromWire(int position, Buffer buffer) {
        throw new UnsupportedOperationException("events of the local bus do not come from another process");
    }

    @Override
    public Event transform(Event event) {
        return event;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
