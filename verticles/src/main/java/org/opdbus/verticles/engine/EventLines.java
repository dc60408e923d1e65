// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;
import org.opdbus.verticles.driver.engine.EngineException;
import org.opdbus.verticles.driver.engine.EngineException.Reason;

/**
 * Cuts an engine's stream of events into its lines, one JSON object each, and counts them: a line that is too long, one that is
 * not JSON, and too many in a second are refused. It holds at most one line.
 */
final class EventLines {
    private static final long SECOND_NS = 1_000_000_000L;

    private final Consumer<JsonObject> each;
    private Buffer begun = Buffer.buffer();
    private long secondBeganNs;
    private int inSecond;

    EventLines(Consumer<JsonObject> each) {
        this.each = each;
    }

    /**
     * Takes the next piece of the stream.
     *
     * @param nowNs the time, of {@link System#nanoTime}
     */
    void take(Buffer piece, long nowNs) {
        int from = 0;
        for (int i = 0; i < piece.length(); i++) {
            if (piece.getByte(i) == '\n') {
                add(piece, from, i);
                from = i + 1;
                line(nowNs);
            }
        }
        add(piece, from, piece.length());
    }

    private void add(Buffer piece, int from, int to) {
        if (begun.length() + to - from > EngineLimits.EVENT_BYTES_MAX) {
            throw new EngineException(
                    Reason.INVALID, "an event has more than " + EngineLimits.EVENT_BYTES_MAX + " bytes");
        }
        begun.appendBuffer(piece, from, to - from);
    }

    private void line(long nowNs) {
        Buffer line = begun;
        if (line.length() == 0) {
            return;
        }
        begun = Buffer.buffer();
        if (nowNs - secondBeganNs > SECOND_NS) {
            secondBeganNs = nowNs;
            inSecond = 0;
        }
        if (++inSecond > EngineLimits.EVENTS_PER_SECOND_MAX) {
            throw new EngineException(
                    Reason.INVALID, "it sent more than " + EngineLimits.EVENTS_PER_SECOND_MAX + " events in a second");
        }
        each.accept(parsed(line));
    }

    private static JsonObject parsed(Buffer line) {
        try {
            return line.toJsonObject();
        } catch (DecodeException | ClassCastException e) {
            throw new EngineException(Reason.INVALID, "an event is not a JSON object");
        }
    }
}
