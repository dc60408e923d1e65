// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import org.opdbus.verticles.inventory.Inventory;

/** The messages in the form of server-sent events (HTML standard, section 9.2). Pure functions. */
final class Messages {
    /** A reader that loses its connection comes back after this time. */
    private static final int RETRY_MS = 1_000;

    /** Says nothing; without it a connection that nobody reads any more would not be noticed. */
    static final Buffer HEARTBEAT = Buffer.buffer(":\n\n");

    /** The message about an event is so much longer than its line, or a little less. */
    static final int EVENT_HEAD_BYTES = 128;

    private static final String END = "\n\n";

    private Messages() {}

    /** The first message of a connection. */
    static String hello(Position from, JsonObject about) {
        return "retry: " + RETRY_MS + '\n' + head(from, "hello") + about.encode() + END;
    }

    static Iterator<String> snapshot(Position after, Inventory now) {
        return message(after, "snapshot", InventoryText.snapshot(now));
    }

    static Iterator<String> change(Position after, Inventory before, Inventory now) {
        return message(after, "change", InventoryText.change(before, now));
    }

    private static Iterator<String> message(Position after, String name, Iterator<String> data) {
        return new TextChain().text(head(after, name)).all(data).text(END);
    }

    private static String head(Position after, String name) {
        return "id: " + after + "\nevent: " + name + "\ndata: ";
    }

    /** Says that these lines are no longer held. */
    static String gap(Position after, long from) {
        return head(after, "gap") + "{\"from\":" + from + ",\"to\":" + after.event() + '}' + END;
    }

    /** Appends the message about an event, whose line gets its number. */
    static void appendEvent(Buffer to, Position after, byte[] line) {
        to.appendString(head(after, "event"))
                .appendString("{\"number\":" + after.event() + ',')
                .appendBytes(line, 1, line.length - 1)
                .appendString(END);
    }

    static Buffer figures(JsonObject figures) {
        return Buffer.buffer(("event: figures\ndata: " + figures.encode() + END).getBytes(StandardCharsets.UTF_8));
    }
}
