// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.stream;

import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.http.events.EventLog;
import org.opdbus.verticles.http.events.NumberedLines;

/**
 * What readers get that had everything up to the mark before this one: encoded once for all of them, unless it is over
 * {@value #BYTES_MAX} bytes. For one thread.
 */
final class Update {
    static final int BYTES_MAX = 32 << 10;

    private final String run;
    private final Mark from;
    private final Mark to;
    private final EventLog events;
    private final Map<Wanted, Optional<Buffer>> encoded = new HashMap<>();

    private record Wanted(boolean inventory, boolean events) {}

    Update(String run, Mark from, Mark to, EventLog events) {
        this.run = run;
        this.from = from;
        this.to = to;
        this.events = events;
    }

    Mark from() {
        return from;
    }

    Mark to() {
        return to;
    }

    /** Returns the messages for readers of these topics; empty if it is too much for one piece, or no longer held. */
    Optional<Buffer> messages(boolean inventory, boolean events) {
        return encoded.computeIfAbsent(new Wanted(inventory, events), this::encode);
    }

    private Optional<Buffer> encode(Wanted wanted) {
        Buffer buffer = Buffer.buffer();
        long version = wanted.inventory ? to.inventory().version() : Position.NONE;
        if (wanted.inventory && from.inventory().version() != version) {
            long event = wanted.events ? from.nextEvent() - 1 : Position.NONE;
            Iterator<String> change =
                    Messages.change(new Position(run, version, event), from.inventory(), to.inventory());
            while (change.hasNext()) {
                buffer.appendString(change.next());
                if (buffer.length() > BYTES_MAX) {
                    return Optional.empty();
                }
            }
        }
        if (!wanted.events) {
            return Optional.of(buffer);
        }
        NumberedLines lines =
                events.from(from.nextEvent(), to.nextEvent(), BYTES_MAX - buffer.length(), Messages.EVENT_HEAD_BYTES);
        if (lines.first() != from.nextEvent() || lines.next() != to.nextEvent()) {
            return Optional.empty();
        }
        long number = lines.first();
        for (byte[] line : lines.lines()) {
            Messages.appendEvent(buffer, new Position(run, version, number++), line);
        }
        return Optional.of(buffer);
    }
}
