// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.EntryFormat;
import org.opdbus.ledger.LedgerException;

/**
 * What came from one sibling: decides what is told, and what is to be asked for. Copies are told in the order of their
 * sequence and each once. While something is missing, at most {@value #HELD_MAX} later ones are held; others are let go
 * and asked for when their turn comes. For use by one thread.
 */
final class Inbox {
    static final int HELD_MAX = 4096;
    private static final int UNCOMMITTED_MAX = 4096;
    /** What was merely overtaken comes by itself within this. */
    private static final long OVERTAKEN_MS = 50;

    private static final long ASK_AGAIN_MS = 200;
    private static final long ASK_AGAIN_MAX_MS = 5_000;

    private final String self;
    private final String host;
    private final RandomGenerator jitter;

    private final TreeMap<Long, Copy> held = new TreeMap<>();
    /** Told, kept by the ledger of its host as far as we know, and not yet known to be on disk there. */
    private final Deque<Copy> uncommitted = new ArrayDeque<>();

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

    Inbox(String self, String host, RandomGenerator jitter) {
        this.self = self;
        this.host = host;
        this.jitter = jitter;
    }

    Inbox(String self, String host, RandomGenerator jitter, Position position) {
        this(self, host, jitter);
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
            uncommitted.clear();
            epoch = ended.thenEpoch();
        }
        next = ended.thenNext();
        held.headMap(next).clear();
        drain(told);
    }

    private long target() {
        return fill == null ? epoch : fill.thenEpoch();
    }

    List<Told> copies(List<Copy> copies) {
        List<Told> told = new ArrayList<>();
        if (known) {
            long from = fill == null ? next : fill.thenNext();
            for (Copy copy : copies) {
                if (copy.epoch() == target() && copy.sequence() >= from) {
                    last = Math.max(last, copy.sequence());
                    if (copy.sequence() < from + HELD_MAX) {
                        held.put(copy.sequence(), copy);
                    }
                }
            }
            drain(told);
        }
        return told;
    }

    private void drain(List<Told> told) {
        while (fill == null && !held.isEmpty() && held.firstKey() == next) {
            Copy copy = held.pollFirstEntry().getValue();
            next++;
            remember(copy);
            told.add(new Told.Live(copy));
        }
    }

    private void remember(Copy copy) {
        if (copy.kept()) {
            uncommitted.addLast(copy);
            if (uncommitted.size() > UNCOMMITTED_MAX) {
                uncommitted.removeFirst();
            }
        }
        if (copy.of() > 0) {
            covered = Math.max(covered, copy.data().getValue("height") instanceof Number at ? at.longValue() : 0);
            forgetUpTo(copy.of());
        }
    }

    private void forgetUpTo(long sequence) {
        while (!uncommitted.isEmpty() && uncommitted.getFirst().sequence() <= sequence) {
            uncommitted.removeFirst();
        }
    }

    /** So many entries, which are those of the oldest facts, are passed over in what follows. */
    private void forgetCommitted(long entries) {
        for (long i = 0; i < entries && !uncommitted.isEmpty(); i++) {
            uncommitted.removeFirst();
        }
    }

    List<Told> gone(Message.Gone gone) {
        List<Told> told = new ArrayList<>();
        if (known && fill == null && gone.epoch() == epoch && gone.from() == next && gone.to() >= next) {
            told.add(new Told.Missed(host, epoch, gone.from(), gone.to()));
            forgetCommitted(gone.low() - 1 - covered);
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
            if (!isToldAlready(entry)) {
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

    /** Its copy came before its sender fell silent, but not the word that it is on disk. */
    private boolean isToldAlready(Entry entry) {
        Optional<Copy> same = uncommitted.stream()
                .filter(copy -> copy.kind().equals(entry.kind())
                        && copy.subject().equals(entry.subject())
                        && (copy.isCut() || copy.data().equals(new JsonObject(entry.data()))))
                .findFirst();
        same.ifPresent(copy -> forgetUpTo(copy.sequence()));
        return same.isPresent();
    }

    /** What is to be asked of the sibling now, if anything; the same again only after a growing pause. */
    Optional<Message> ask(long nowMs) {
        Message ask;
        Fill open = fill;
        if (open != null) {
            ask = new Message.AskEntries(self, open.next(), open.to());
        } else if (known && next <= last) {
            long to = held.isEmpty() ? last : held.firstKey() - 1;
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
