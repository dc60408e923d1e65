// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.events.LedgerEvent.LedgerDegraded;

/**
 * The last facts of this host, for peers that do not have them yet. One queue, limited in number and in bytes, holds
 * what waits to be sent and what can be sent again.
 *
 * <p>Overflow rule: the oldest fact is dropped first, sent or not. For a dropped fact only the height of its entry is
 * kept, for the last {@value #HEIGHTS_MAX} of them; the ledger holds the rest. A fact over {@value
 * Wire#ONE_BYTES_MAX} bytes is held and sent without its data, with the number of bytes that were left out. Appending
 * takes the same short time whatever happens to the peers, and makes no JSON; no work under the lock grows with the
 * number of facts. Safe for use by any thread.
 */
final class Outbox {
    static final int HEIGHTS_MAX = 65_536;
    static final long BYTES_MAX = 8L << 20;

    /** The same number as the limit of the ledger's queue. */
    private static final int UNCOMMITTED_MAX = 65_536;

    /** At most this many kept facts are looked up for one answer. */
    private static final int GONE_AT_ONCE = 4096;

    private static final int SUBJECT_LENGTH_MAX = 256;

    private final String host;
    private final long base;
    private final long bytesMax;
    private final @Nullable Slot[] ring;
    private final Uncommitted uncommitted;
    private final Heights heights = new Heights(HEIGHTS_MAX);

    private long epoch;
    private long first = 1;
    private long last;
    private long sent;
    private long height;
    private long bytes;
    /** Up to this sequence facts may have been kept at heights that are no longer stored. */
    private long unsureUpTo;

    private record Slot(
            long sequence,
            long height,
            Instant time,
            String kind,
            String subject,
            Supplier<Map<String, Object>> data,
            boolean kept,
            long of,
            long size) {}

    /** The available part of a request. */
    record Answer(List<Copy> copies, Optional<Message.Gone> gone) {}

    /**
     * Creates the outbox of one run of the agent.
     *
     * @param base the ledger's height when the run began
     * @param max how many facts are held
     */
    Outbox(String host, long epoch, long base, int max) {
        this(host, epoch, base, max, BYTES_MAX);
    }

    Outbox(String host, long epoch, long base, int max, long bytesMax) {
        this.host = host;
        this.epoch = epoch;
        this.base = base;
        this.bytesMax = bytesMax;
        ring = new Slot[max];
        uncommitted = new Uncommitted(UNCOMMITTED_MAX);
        height = base;
    }

    /** Sets the epoch of this run after that of the last run; call it before anything is sent. */
    synchronized void beginAfter(long former) {
        epoch = Math.max(epoch, former + 1);
    }

    synchronized long epoch() {
        return epoch;
    }

    void append(Event event, Instant now) {
        Map<String, Object> data = event.data();
        String subject = Names.clipped(event.subject(), SUBJECT_LENGTH_MAX);
        long size = Copy.FRAME_BYTES + event.kind().length() + JsonSize.ofText(subject) + JsonSize.of(data);
        Supplier<Map<String, Object>> sentData = event::data;
        if (size > Wire.ONE_BYTES_MAX) {
            // Null means that it is not too large, but cannot be written.
            Map<String, Object> cut = Map.of(Copy.LEFT_OUT, size < JsonSize.UNWRITABLE ? size : 0);
            sentData = () -> cut;
        } else if (event instanceof EntryCommitted) {
            // The event would keep its fact in memory, which is counted only once.
            sentData = () -> data;
        }
        long held = size > Wire.ONE_BYTES_MAX ? Copy.FRAME_BYTES + SUBJECT_LENGTH_MAX : size;
        synchronized (this) {
            last++;
            long of = event instanceof EntryCommitted committed ? commit(committed) : 0;
            if (event.recorded()) {
                beUnsureUpTo(uncommitted.add(last, event));
            }
            if (event instanceof LedgerDegraded) {
                uncommitted.clear();
                beUnsureUpTo(last);
            }
            add(new Slot(last, height, now, event.kind(), subject, sentData, event.recorded(), of, held));
        }
    }

    private void beUnsureUpTo(long sequence) {
        unsureUpTo = Math.max(unsureUpTo, sequence);
    }

    private long commit(EntryCommitted committed) {
        height = Math.max(height, committed.height());
        long sequence = uncommitted.commit(committed.fact());
        if (sequence > 0) {
            beUnsureUpTo(heights.add(sequence, committed.height()));
        }
        return sequence;
    }

    private void add(Slot slot) {
        while (first < slot.sequence() && (slot.sequence() - first == ring.length || bytes + slot.size() > bytesMax)) {
            bytes -= slot(first).size();
            ring[index(first)] = null;
            first++;
        }
        ring[index(slot.sequence())] = slot;
        bytes += slot.size();
    }

    private int index(long sequence) {
        return (int) (sequence % ring.length);
    }

    private Slot slot(long sequence) {
        Slot slot = ring[index(sequence)];
        if (slot == null) {
            throw new IllegalStateException("there is no slot " + sequence + " from " + first + " to " + last);
        }
        return slot;
    }

    /** Returns the next facts that were not sent yet, as many as one message takes; empty if there are none. */
    List<Copy> unsent(int count) {
        List<Slot> taken;
        synchronized (this) {
            taken = taken(sent + 1, last, count);
            sent = taken.isEmpty() ? sent : taken.get(taken.size() - 1).sequence();
        }
        return taken.stream().map(this::copy).toList();
    }

    synchronized boolean hasUnsent() {
        return sent < last;
    }

    /** Returns the facts that are still held, from one on, as many as one message takes. */
    private List<Slot> taken(long from, long to, int count) {
        List<Slot> taken = new ArrayList<>();
        long room = Wire.BATCH_BYTES_MAX;
        for (long sequence = Math.max(from, first); sequence <= to && taken.size() < count; sequence++) {
            Slot slot = slot(sequence);
            room -= slot.size();
            if (room < 0 && !taken.isEmpty()) {
                break;
            }
            taken.add(slot);
        }
        return taken;
    }

    /** Answers a request for copies. Returns empty while an entry that it needs is on its way to the disk. */
    Answer answer(Message.AskCopies ask, int count) {
        List<Slot> found;
        Optional<Message.Gone> gone;
        synchronized (this) {
            if (ask.epoch() != epoch || ask.from() < 1 || ask.to() < ask.from()) {
                return new Answer(List.of(), Optional.empty());
            }
            gone = ask.from() < first ? gone(ask) : Optional.empty();
            found = taken(ask.from(), Math.min(ask.to(), last), count);
        }
        return new Answer(found.stream().map(this::copy).toList(), gone);
    }

    private Optional<Message.Gone> gone(Message.AskCopies ask) {
        // No requester can be uncertain about more facts than this.
        boolean isFar = heights.lastOf(ask.oldest(), 2 * GONE_AT_ONCE) < ask.from();
        long oldest = ask.oldest() < 1 || isFar ? ask.from() : Math.min(ask.oldest(), ask.from());
        long to = Math.min(
                Math.min(Math.min(ask.to(), first - 1), uncommitted.firstFrom(oldest) - 1),
                heights.lastOf(ask.from(), GONE_AT_ONCE));
        if (to < ask.from()) {
            return Optional.empty();
        }
        if (oldest <= unsureUpTo) {
            // Everything that can belong to these facts; the requester leaves out what it has
            // already of others.
            long low = Math.max(base, ask.covered()) + 1;
            long high = heights.firstAfter(to).map(after -> after - 1).orElse(height);
            List<HeightRanges.Range> all = low <= high ? List.of(new HeightRanges.Range(low, high)) : List.of();
            return Optional.of(new Message.Gone(host, epoch, ask.from(), to, false, all, List.of()));
        }
        return Optional.of(new Message.Gone(
                host, epoch, ask.from(), to, true, heights.of(ask.from(), to), heights.of(oldest, ask.from() - 1)));
    }

    /** Returns what this outbox adds to a heartbeat. */
    synchronized Message.Heartbeat heartbeat(long beat, String version, String checkpoint, String key) {
        long firstHeight = last == 0 ? height : slot(first).height();
        return new Message.Heartbeat(
                host, epoch, beat, base, first, firstHeight, last, height, version, checkpoint, key);
    }

    private Copy copy(Slot slot) {
        return new Copy(
                host,
                epoch(),
                slot.sequence(),
                slot.height(),
                slot.time(),
                slot.kind(),
                slot.subject(),
                new JsonObject(slot.data().get()),
                slot.kept(),
                slot.of());
    }
}
