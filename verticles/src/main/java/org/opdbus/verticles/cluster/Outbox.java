// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.events.LedgerEvent.LedgerDegraded;

/**
 * The last facts of this host, for those who have them yet to get: what waits to be sent and what can be sent again are
 * one bounded queue.
 *
 * <p>Overflow rule: the oldest goes first, sent or not. Of a fact that has gone only the height of its entry is remembered,
 * of the last {@value #HEIGHTS_MAX} such; the ledger holds the rest. Appending takes the same short time whatever happens
 * to the others, and makes no JSON. Safe for use by any thread.
 */
final class Outbox {
    static final int HEIGHTS_MAX = 65_536;

    private final String host;
    private final long epoch;
    private final long base;
    private final int max;

    private final ArrayDeque<Slot> slots = new ArrayDeque<>();
    /** Facts that the ledger is to keep and has not yet, in order. */
    private final Deque<Slot> uncommitted = new ArrayDeque<>();

    private final Deque<Place> places = new ArrayDeque<>();
    private long last;
    private long sent;
    private long height;
    private long forgottenSequence;

    private record Slot(long sequence, long height, Instant time, Event event, long of) {}

    private record Place(long sequence, long height) {}

    /** What there is of what was asked for. */
    record Answer(List<Copy> copies, Optional<Message.Gone> gone) {}

    /**
     * An outbox of one run of the agent.
     *
     * @param base the ledger's height when the run began
     * @param max how many facts are held
     */
    Outbox(String host, long epoch, long base, int max) {
        this.host = host;
        this.epoch = epoch;
        this.base = base;
        this.max = max;
        height = base;
    }

    synchronized void append(Event event, Instant now) {
        last++;
        long of = event instanceof EntryCommitted committed ? commit(committed) : 0;
        Slot slot = new Slot(last, height, now, event, of);
        slots.addLast(slot);
        if (event.recorded()) {
            uncommitted.addLast(slot);
        }
        if (event instanceof LedgerDegraded || uncommitted.size() > max) {
            // They will not be on disk, or nobody would know when.
            uncommitted.clear();
        }
        if (slots.size() > max) {
            slots.removeFirst();
        }
    }

    /** Facts are committed in their order, so whatever was before this one and is not on disk never will be. */
    private long commit(EntryCommitted committed) {
        height = Math.max(height, committed.height());
        boolean waits = uncommitted.stream().anyMatch(slot -> slot.event() == committed.fact());
        if (!waits) {
            return 0;
        }
        Slot slot = uncommitted.removeFirst();
        while (slot.event() != committed.fact()) {
            slot = uncommitted.removeFirst();
        }
        places.addLast(new Place(slot.sequence(), committed.height()));
        if (places.size() > HEIGHTS_MAX) {
            forgottenSequence = places.removeFirst().sequence();
        }
        return slot.sequence();
    }

    /** The next facts that were not sent yet; empty if there are none. */
    List<Copy> unsent(int count) {
        List<Slot> taken = new ArrayList<>();
        synchronized (this) {
            long from = Math.max(sent + 1, first());
            Iterator<Slot> newest = slots.descendingIterator();
            while (newest.hasNext()) {
                Slot slot = newest.next();
                if (slot.sequence() < from) {
                    break;
                }
                taken.add(0, slot);
            }
            taken = taken.subList(0, Math.min(count, taken.size()));
            if (!taken.isEmpty()) {
                sent = taken.get(taken.size() - 1).sequence();
            }
        }
        return taken.stream().map(this::copy).toList();
    }

    /** Answers a question for copies. Nothing comes back while an entry that it needs is on its way to the disk. */
    Answer answer(Message.AskCopies ask, int count) {
        List<Slot> found;
        Optional<Message.Gone> gone;
        synchronized (this) {
            if (ask.epoch() != epoch || ask.from() < 1 || ask.to() < ask.from()) {
                return new Answer(List.of(), Optional.empty());
            }
            gone = ask.from() < first() ? gone(ask) : Optional.empty();
            found = slots.stream()
                    .filter(slot -> slot.sequence() >= ask.from() && slot.sequence() <= ask.to())
                    .limit(count)
                    .toList();
        }
        return new Answer(found.stream().map(this::copy).toList(), gone);
    }

    private Optional<Message.Gone> gone(Message.AskCopies ask) {
        long waiting = uncommitted.stream()
                .mapToLong(Slot::sequence)
                .filter(sequence -> sequence >= ask.from())
                .findFirst()
                .orElse(Long.MAX_VALUE);
        long to = Math.min(Math.min(ask.to(), first() - 1), waiting - 1);
        if (to < ask.from()) {
            return Optional.empty();
        }
        long low = Long.MAX_VALUE;
        long high = 0;
        for (Place place : places) {
            if (place.sequence() >= ask.from() && place.sequence() <= to) {
                low = Math.min(low, place.height());
                high = Math.max(high, place.height());
            }
        }
        if (ask.from() <= forgottenSequence) {
            low = Math.max(base, ask.covered()) + 1;
            high = Math.max(high, places.getFirst().height() - 1);
        }
        return Optional.of(new Message.Gone(host, epoch, ask.from(), to, high == 0 ? 1 : low, high));
    }

    /** What this outbox adds to a heartbeat. */
    synchronized Message.Heartbeat heartbeat(long beat, String version, String checkpoint, String key) {
        long firstHeight = slots.isEmpty() ? height : slots.getFirst().height();
        return new Message.Heartbeat(
                host, epoch, beat, base, first(), firstHeight, last, height, version, checkpoint, key);
    }

    private long first() {
        return last - slots.size() + 1;
    }

    private Copy copy(Slot slot) {
        Event event = slot.event();
        return new Copy(
                host,
                epoch,
                slot.sequence(),
                slot.height(),
                slot.time(),
                event.kind(),
                event.subject(),
                new JsonObject(event.data()),
                event.recorded(),
                slot.of());
    }
}
