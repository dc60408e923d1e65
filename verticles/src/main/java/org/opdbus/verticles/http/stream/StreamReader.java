// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.http.events.EventLog;
import org.opdbus.verticles.http.events.NumberedLines;
import org.opdbus.verticles.inventory.Inventory;

/**
 * One reader, and what it has. It has no queue: when it has taken what it was sent, it gets what differs from that, in pieces that are
 * made when they are sent. For one thread.
 */
final class StreamReader {
    static final int PIECE_CHARACTERS = 8 << 10;
    private static final int EVENT_BYTES = 8 << 10;
    private static final long HEARTBEAT_NS = TimeUnit.SECONDS.toNanos(15);

    private final Offer offer;
    private final boolean wantsInventory;
    private final boolean wantsEvents;
    private final boolean wantsFigures;
    private final ReaderOutput output;
    private Iterator<String> rest = Collections.emptyIterator();
    private @Nullable Inventory has;
    private long nextEvent;
    private long figures;
    private long sentNs;
    private long fullSinceNs;
    private boolean isFull;

    /** What all readers are offered. */
    interface Offer {
        String run();

        Mark mark();

        EventLog events();

        /** The messages that lead to the mark. */
        Optional<Update> update();

        /** The newest figures, if there are any. */
        Optional<NewestFigures.Figures> figures();

        long nowNs();
    }

    /**
     * A reader that has nothing but this.
     *
     * @param has the inventory that it has from an earlier connection; null if it needs all of it
     * @param nextEvent the number of the first line that it is to get
     */
    StreamReader(Offer offer, Set<StreamTopic> topics, ReaderOutput output, @Nullable Inventory has, long nextEvent) {
        this.offer = offer;
        wantsInventory = topics.contains(StreamTopic.INVENTORY);
        wantsEvents = topics.contains(StreamTopic.EVENTS);
        wantsFigures = topics.contains(StreamTopic.FIGURES);
        this.output = output;
        this.has = has;
        this.nextEvent = nextEvent;
        sentNs = offer.nowNs();
    }

    boolean wantsFigures() {
        return wantsFigures;
    }

    /** Sends first who speaks, and from which event on. */
    void begin(JsonObject about) {
        write(Buffer.buffer(Messages.hello(position(), about.put("event", wantsEvents ? nextEvent - 1 : null))));
        pump();
    }

    /** Sends as much as the reader takes now. */
    void pump() {
        boolean isTaking = !isFull;
        while (!output.isFull()) {
            Optional<Buffer> piece = next();
            if (piece.isEmpty()) {
                isFull = false;
                return;
            }
            write(piece.get());
            isTaking = true;
        }
        if (isTaking) {
            fullSinceNs = offer.nowNs();
        }
        isFull = true;
    }

    private void write(Buffer piece) {
        sentNs = offer.nowNs();
        output.write(piece);
    }

    /** Returns for how long the reader has taken nothing of what it was sent; 0 if it may get more. */
    long stuckNs() {
        return isFull ? offer.nowNs() - fullSinceNs : 0;
    }

    /** Sends a heartbeat if it has got nothing for a while. */
    void beat() {
        if (!isFull && offer.nowNs() - sentNs >= HEARTBEAT_NS) {
            write(Messages.HEARTBEAT);
        }
    }

    /** Closes its connection. */
    void end() {
        output.end();
    }

    private Optional<Buffer> next() {
        if (!rest.hasNext()) {
            Optional<Buffer> shared = shared();
            if (shared.isPresent()) {
                return shared;
            }
            rest = inventory();
        }
        return rest.hasNext() ? Optional.of(piece()) : events().or(this::newFigures);
    }

    private Buffer piece() {
        StringBuilder text = new StringBuilder(PIECE_CHARACTERS);
        while (rest.hasNext() && text.length() < PIECE_CHARACTERS) {
            text.append(rest.next());
        }
        return Buffer.buffer(text.toString());
    }

    /** What is encoded once for all, if this reader has everything before it. */
    private Optional<Buffer> shared() {
        Optional<Buffer> messages = offer.update()
                .filter(update -> hasAll(update.from()) && !hasAll(update.to()))
                .flatMap(update -> update.messages(wantsInventory, wantsEvents));
        if (messages.isPresent()) {
            if (wantsInventory) {
                has = offer.mark().inventory();
            }
            nextEvent = offer.mark().nextEvent();
        }
        return messages.filter(buffer -> buffer.length() > 0);
    }

    private boolean hasAll(Mark mark) {
        Inventory mine = has;
        return (!wantsInventory
                        || (mine != null && mine.version() == mark.inventory().version()))
                && (!wantsEvents || nextEvent == mark.nextEvent());
    }

    private Iterator<String> inventory() {
        Inventory now = offer.mark().inventory();
        Inventory mine = has;
        if (!wantsInventory || (mine != null && mine.version() == now.version())) {
            return Collections.emptyIterator();
        }
        has = now;
        return mine == null ? Messages.snapshot(position(), now) : Messages.change(position(), mine, now);
    }

    private Optional<Buffer> events() {
        if (!wantsEvents || nextEvent >= offer.mark().nextEvent()) {
            return Optional.empty();
        }
        long first = offer.events().first();
        if (nextEvent < first) {
            long from = nextEvent;
            nextEvent = first;
            return Optional.of(Buffer.buffer(Messages.gap(position(), from)));
        }
        NumberedLines lines =
                offer.events().from(nextEvent, offer.mark().nextEvent(), EVENT_BYTES, Messages.EVENT_HEAD_BYTES);
        Buffer buffer = Buffer.buffer();
        for (byte[] line : lines.lines()) {
            nextEvent++;
            Messages.appendEvent(buffer, position(), line);
        }
        return Optional.of(buffer);
    }

    /** What the reader has when it has received the message that is being made. */
    private Position position() {
        Inventory mine = has;
        return new Position(
                offer.run(),
                mine == null ? Position.NONE : mine.version(),
                wantsEvents ? nextEvent - 1 : Position.NONE);
    }

    private Optional<Buffer> newFigures() {
        Optional<NewestFigures.Figures> newest =
                offer.figures().filter(found -> wantsFigures && found.number() > figures);
        newest.ifPresent(found -> figures = found.number());
        return newest.map(NewestFigures.Figures::message);
    }
}
