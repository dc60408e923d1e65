// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.EntryFormat;
import org.opdbus.ledger.LedgerException;

/**
 * What came from one sibling: decides what is told, and what is to be asked for. Copies are told in the order of their
 * sequence and each once. For use by one thread.
 */
final class Inbox {
    /** What was merely overtaken comes by itself within this. */
    private static final long OVERTAKEN_MS = 50;

    private static final long ASK_AGAIN_MS = 200;
    private static final long ASK_AGAIN_MAX_MS = 5_000;

    private final String self;
    private final String host;
    private final RandomGenerator jitter;

    private final EarlyCopies held;
    private final Unconfirmed unconfirmed;

    private boolean known;
    private long epoch;
    private long next = 1;
    private long last;
    private long covered;
    private @Nullable Fill fill;

    private String asked = "";
    private long askAtMs;
    private int tries;

    /**
     * How far an inbox has come; enough to go on from after a restart.
     *
     * @param sequence the last that was told
     * @param height up to where the entries were told, or the facts that they record
     */
    record Position(long epoch, long sequence, long height) {}

    /** Entries to be told before sequence {@code thenNext} of {@code thenEpoch} has its turn. */
    private record Fill(long next, long to, long thenEpoch, long thenNext, String prev) {}

    Inbox(String self, String host, RandomGenerator jitter, Room room) {
        this.self = self;
        this.host = host;
        this.jitter = jitter;
        held = new EarlyCopies(room);
        unconfirmed = new Unconfirmed(room);
    }

    Inbox(String self, String host, RandomGenerator jitter, Room room, Position position) {
        this(self, host, jitter, room);
        known = true;
        epoch = position.epoch();
        next = position.sequence() + 1;
        last = position.sequence();
        covered = position.height();
    }

    /** Empty before the first heartbeat. */
    Optional<Position> position() {
        return known ? Optional.of(new Position(epoch, next - 1, covered)) : Optional.empty();
    }

    /** Gives back what it holds; it is used no more. */
    void close() {
        held.clear();
        unconfirmed.clear();
    }

    /** Whether everything was told that the sibling is known to have sent. */
    boolean isCaughtUp() {
        return known && fill == null && next > last;
    }

    List<Told> heartbeat(Message.Heartbeat beat) {
        List<Told> told = new ArrayList<>();
        if (!known) {
            known = true;
            epoch = beat.epoch();
            next = beat.first();
            covered = beat.firstHeight();
            last = beat.last();
        } else if (beat.epoch() > target()) {
            close(beat, told);
        } else if (beat.epoch() == target()) {
            last = Math.max(last, beat.last());
        }
        return told;
    }

    /** The sender began anew: what it kept of its former run is in its ledger, up to where the new one began. */
    private void close(Message.Heartbeat beat, List<Told> told) {
        if (fill == null && last >= next) {
            told.add(new Told.Missed(host, epoch, next, last));
        }
        held.clear();
        last = beat.last();
        begin(new Fill(covered + 1, beat.base(), beat.epoch(), 1, ""), told);
    }

    private void begin(Fill begun, List<Told> told) {
        if (begun.next() <= begun.to()) {
            fill = begun;
        } else {
            end(begun, told);
        }
    }

    private void end(Fill ended, List<Told> told) {
        fill = null;
        if (ended.thenEpoch() != epoch) {
            unconfirmed.clear();
            epoch = ended.thenEpoch();
        }
        next = ended.thenNext();
        held.letGoBefore(next);
        drain(told);
    }

    private long target() {
        return fill == null ? epoch : fill.thenEpoch();
    }

    List<Told> copies(List<Copy> copies) {
        List<Told> told = new ArrayList<>();
        for (Copy copy : copies) {
            if (!known || copy.epoch() != target() || copy.sequence() < (fill == null ? next : fill.thenNext())) {
                continue;
            }
            last = Math.max(last, copy.sequence());
            if (fill == null && copy.sequence() == next) {
                // Whose turn it is needs no room, so however little there is, everybody comes on.
                tell(copy, told);
                held.letGoBefore(next);
                drain(told);
            } else {
                held.hold(copy);
            }
        }
        return told;
    }

    private void drain(List<Told> told) {
        while (fill == null && !held.isEmpty() && held.first() == next) {
            tell(held.take(), told);
        }
    }

    private void tell(Copy copy, List<Told> told) {
        next = copy.sequence() + 1;
        if (copy.kept()) {
            unconfirmed.add(copy);
        }
        if (copy.of() > 0) {
            covered = Math.max(covered, copy.data().getValue("height") instanceof Number at ? at.longValue() : 0);
            unconfirmed.confirm(copy.of());
        }
        told.add(new Told.Live(copy));
    }

    List<Told> gone(Message.Gone gone) {
        List<Told> told = new ArrayList<>();
        if (known && fill == null && gone.epoch() == epoch && gone.from() == next && gone.to() >= next) {
            told.add(new Told.Missed(host, epoch, gone.from(), gone.to()));
            unconfirmed.forgetOldest(gone.low() - 1 - covered);
            long from = Math.max(gone.low(), covered + 1);
            begin(new Fill(from, gone.high(), epoch, gone.to() + 1, ""), told);
        }
        return told;
    }

    /**
     * Entries that were asked for.
     *
     * @throws IllegalArgumentException if they are not what the host's ledger can hold; what was asked for is asked again
     */
    List<Told> entries(Message.Entries entries) {
        List<Told> told = new ArrayList<>();
        Fill open = fill;
        if (open == null || entries.from() != open.next()) {
            return told;
        }
        if (entries.lines().isEmpty()) {
            // Its ledger does not hold them (any more); the heads tell whether that is as it should be.
            end(open, told);
            return told;
        }
        for (String line : entries.lines()) {
            if (open.next() > open.to()) {
                break;
            }
            Entry entry;
            try {
                entry = checked(line, open);
            } catch (IllegalArgumentException e) {
                if (told.isEmpty()) {
                    throw e;
                }
                // What came before it holds, and is told; the rest is asked for again, and refused then.
                return told;
            }
            covered = Math.max(covered, entry.height());
            if (!unconfirmed.confirm(entry)) {
                told.add(new Told.Filled(entry));
            }
            open = new Fill(open.next() + 1, open.to(), open.thenEpoch(), open.thenNext(), entry.hash());
            fill = open;
        }
        begin(open, told);
        return told;
    }

    private Entry checked(String line, Fill open) {
        Entry entry;
        try {
            entry = EntryFormat.parse(line.getBytes(StandardCharsets.UTF_8));
        } catch (LedgerException e) {
            throw new IllegalArgumentException("entry " + open.next() + " does not verify: " + e.getMessage(), e);
        }
        if (entry.height() != open.next()
                || !entry.host().equals(host)
                || !(open.prev().isEmpty() || entry.prev().equals(open.prev()))) {
            throw new IllegalArgumentException("entry " + open.next() + " of " + host + " is another's");
        }
        return entry;
    }

    /** What is to be asked of the sibling now, if anything; the same again only after a growing pause. */
    Optional<Message> ask(long nowMs) {
        Message ask;
        Fill open = fill;
        if (open != null) {
            ask = new Message.AskEntries(self, open.next(), open.to());
        } else if (known && next <= last) {
            long to = held.isEmpty() ? last : held.first() - 1;
            ask = new Message.AskCopies(self, epoch, next, to, covered);
        } else {
            asked = "";
            return Optional.empty();
        }
        String key = open != null ? "entries " + open.next() : "copies " + epoch + " " + next;
        if (!key.equals(asked)) {
            asked = key;
            tries = 0;
            askAtMs = open != null ? nowMs : nowMs + OVERTAKEN_MS;
        }
        if (nowMs < askAtMs) {
            return Optional.empty();
        }
        long pause = Math.min(ASK_AGAIN_MS << Math.min(tries, 5), ASK_AGAIN_MAX_MS);
        tries++;
        askAtMs = nowMs + pause / 2 + jitter.nextLong(pause);
        return Optional.of(ask);
    }
}
