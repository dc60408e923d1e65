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
    private static final int ABOVE_MAX = 4096;

    private final String self;
    private final String host;
    private final RandomGenerator jitter;

    private final EarlyCopies held;
    private final Unconfirmed unconfirmed;
    /** What was told, from the ledger or before it was known where, above what is covered. */
    private final HeightRanges above = new HeightRanges();

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
     * @param above what of it was told beyond that
     */
    record Position(long epoch, long sequence, long height, List<HeightRanges.Range> above) {
        Position {
            above = List.copyOf(above);
        }
    }

    /**
     * Entries to be told before sequence {@code thenNext} of {@code thenEpoch} has its turn.
     *
     * @param parts the heights, in order
     * @param exact whether all of them are to be told; otherwise some may be of facts that were
     * @param prev the hash of the entry before the first, if that was seen
     */
    private record Fill(List<HeightRanges.Range> parts, boolean exact, long thenEpoch, long thenNext, String prev) {
        long next() {
            return parts.get(0).low();
        }

        long to() {
            return parts.get(0).high();
        }

        /** What is left after the next one. */
        Fill after(String hash) {
            boolean isPartLeft = next() < to();
            List<HeightRanges.Range> left = new ArrayList<>(parts.subList(1, parts.size()));
            if (isPartLeft) {
                left.add(0, new HeightRanges.Range(next() + 1, to()));
            }
            return new Fill(left, exact, thenEpoch, thenNext, isPartLeft ? hash : "");
        }
    }

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
        above.addAll(position.above());
    }

    /** Empty before the first heartbeat. */
    Optional<Position> position() {
        return known ? Optional.of(new Position(epoch, next - 1, covered, above.list())) : Optional.empty();
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
        begin(new Fill(above.missing(covered + 1, beat.base()), false, beat.epoch(), 1, ""), told);
    }

    private void begin(Fill begun, List<Told> told) {
        if (begun.parts().isEmpty()) {
            end(begun, told);
        } else {
            fill = begun;
        }
    }

    private void end(Fill ended, List<Told> told) {
        fill = null;
        if (ended.thenEpoch() != epoch) {
            unconfirmed.clear();
            above.clear();
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
            unconfirmed.confirm(copy.of());
        }
        // What was on disk by then is of facts before this one, and these have been told.
        cover(copy.height());
        told.add(new Told.Live(copy));
    }

    List<Told> gone(Message.Gone gone) {
        List<Told> told = new ArrayList<>();
        if (known && fill == null && gone.epoch() == epoch && gone.from() == next && gone.to() >= next) {
            told.add(new Told.Missed(host, epoch, gone.from(), gone.to()));
            List<HeightRanges.Range> parts = new ArrayList<>();
            if (gone.exact()) {
                // All that was told so far is on disk: here.
                unconfirmed.clear();
                above.addAll(gone.before());
                bound();
            }
            for (HeightRanges.Range range : gone.kept()) {
                parts.addAll(above.missing(Math.max(range.low(), covered + 1), range.high()));
            }
            begin(new Fill(parts, gone.exact(), epoch, gone.to() + 1, ""), told);
        }
        return told;
    }

    private void cover(long height) {
        covered = Math.max(covered, height);
        above.removeUpTo(covered);
    }

    private void bound() {
        above.removeUpTo(covered);
        above.keepHighest(ABOVE_MAX);
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
        long to = open.to();
        for (String line : entries.lines()) {
            if (open.parts().isEmpty() || open.next() > to) {
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
            if (open.exact() || !unconfirmed.confirm(entry)) {
                told.add(new Told.Filled(entry));
            }
            if (open.thenEpoch() == epoch) {
                above.add(entry.height());
                bound();
            } else {
                // A run that is over is told in the order of its entries.
                cover(entry.height());
            }
            open = open.after(entry.hash());
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
            ask = new Message.AskCopies(
                    self, epoch, next, to, covered, unconfirmed.oldest().orElse(next));
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
