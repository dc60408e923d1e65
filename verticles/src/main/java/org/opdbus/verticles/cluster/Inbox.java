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
 * What arrived from one peer: decides what to publish and what to request. It publishes copies in the order of their
 * sequence, each once. For use by one thread.
 */
final class Inbox {
    /** A message that was only overtaken arrives by itself within this time. */
    private static final long OVERTAKEN_MS = 50;

    private static final long ASK_AGAIN_MS = 200;
    private static final long ASK_AGAIN_MAX_MS = 5_000;
    private static final int ABOVE_MAX = 4096;

    private final String self;
    private final String host;
    private final RandomGenerator jitter;

    private final EarlyCopies held;
    private final Unconfirmed unconfirmed;
    /** What was published, from the ledger or before its height was known, above the covered height. */
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
     * The position of an inbox, which is enough to continue after a restart.
     *
     * @param sequence the last sequence that was published
     * @param height the height up to which the entries, or the facts that they record, were published
     * @param above what was published beyond that
     */
    record Position(long epoch, long sequence, long height, List<HeightRanges.Range> above) {
        Position {
            above = List.copyOf(above);
        }
    }

    /**
     * Entries that must be published before sequence {@code thenNext} of {@code thenEpoch} has its turn.
     *
     * @param parts the heights, in order
     * @param exact whether all of them must be published; otherwise some may belong to facts that were published
     * @param prev the hash of the entry before the first, if known
     */
    private record Fill(List<HeightRanges.Range> parts, boolean exact, long thenEpoch, long thenNext, String prev) {
        long next() {
            return parts.get(0).low();
        }

        long to() {
            return parts.get(0).high();
        }

        /** Returns what is left after the next one. */
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

    /** Releases what it holds; do not use it afterwards. */
    void close() {
        held.clear();
        unconfirmed.clear();
    }

    /** Returns whether everything that the peer is known to have sent was published. */
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

    /**
     * The sender restarted: the facts that it kept of its former run are in its ledger, up to the height where the
     * new run began.
     */
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
                // The copy whose turn it is needs no room, so every peer makes progress however
                // little room there is.
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
        // What was on disk by then belongs to earlier facts, and these have been published.
        cover(copy.height());
        told.add(new Told.Live(copy));
    }

    List<Told> gone(Message.Gone gone) {
        List<Told> told = new ArrayList<>();
        if (known && fill == null && gone.epoch() == epoch && gone.from() == next && gone.to() >= next) {
            told.add(new Told.Missed(host, epoch, gone.from(), gone.to()));
            List<HeightRanges.Range> parts = new ArrayList<>();
            if (gone.exact()) {
                // All that was published so far is on disk: this is the height.
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
     * Processes entries that were requested.
     *
     * @throws IllegalArgumentException if the host's ledger cannot hold them; they are requested again
     */
    List<Told> entries(Message.Entries entries) {
        List<Told> told = new ArrayList<>();
        Fill open = fill;
        if (open == null || entries.from() != open.next()) {
            return told;
        }
        if (entries.lines().isEmpty()) {
            // Its ledger no longer holds them; {@link Heads} finds out whether that is allowed.
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
                // The entries before this one are valid and published; the rest is requested again,
                // and refused then.
                return told;
            }
            if (open.exact() || !unconfirmed.confirm(entry)) {
                told.add(new Told.Filled(entry));
            }
            if (open.thenEpoch() == epoch) {
                above.add(entry.height());
                bound();
            } else {
                // The facts of a run that is over are published in the order of its entries.
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
            throw new IllegalArgumentException("entry " + open.next() + " of " + host + " belongs to another host");
        }
        return entry;
    }

    /** Returns the request to send to the peer now, if any; the same again only after a growing pause. */
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
