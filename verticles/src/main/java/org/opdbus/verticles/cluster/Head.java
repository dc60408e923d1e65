// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.ClusterEvent.Contradiction;
import org.opdbus.events.ClusterEvent.LedgerForked;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.ConsistencyProof;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.VerifierKey;

/**
 * How far one sibling's ledger is known to have come, and whether it only grew. Decides without looking at any file or
 * clock. For use by one thread.
 *
 * <p>Only what is signed counts, and only in the order in which it was signed: a heartbeat that is overtaken by a later one
 * says nothing. Whoever shows another history is told of once; from then on it is held to the new one.
 */
final class Head {
    /** A proof costs its maker a read of its ledger: no more often than this, and than a millisecond an entry. */
    static final long ASK_EVERY_MS = 30_000;
    /** A refusal is believed when it is said twice. */
    static final long ASK_AGAIN_MS = 5_000;
    /** More contradictions of one host than this in an hour are not told: whoever has its key could fill our ledger. */
    static final int FORKS_AN_HOUR_MAX = 8;

    private static final int UNANSWERED_MAX = 10;
    private static final long HOUR_MS = 3_600_000;
    private static final int FORKS_MAX = 16;
    private static final int OWED_MAX = 16;

    private final String self;
    private final String host;
    private final List<Long> toldAtMs = new ArrayList<>();
    private final List<Fork> forks = new ArrayList<>();

    private VerifierKey key;
    private long epoch;
    private long beat;
    /** What it is held to. */
    private Checkpoint good;
    /** The last that it showed; not smaller than the good one, and not proved to continue it unless it is the same. */
    private Checkpoint latest;
    /**
     * The last that former runs showed, in their order, as long as they are not proved: a ledger that was put back in
     * between may have outgrown them since.
     */
    private final Deque<Checkpoint> owed = new ArrayDeque<>();

    private @Nullable Checkpoint asked;
    private boolean isRefused;
    private int unanswered;
    private long askedAtMs;
    private long askAtMs = Long.MIN_VALUE;

    /** Two signed checkpoints that cannot both be true. */
    record Fork(Contradiction reason, String older, String newer) {}

    /** Enough to go on from after a restart: the last heartbeat that brought news, keys and checkpoints as they were sent. */
    record Known(String key, long epoch, long beat, String good, String latest, List<Fork> forks, List<String> owed) {
        Known {
            forks = List.copyOf(forks);
            owed = List.copyOf(owed);
        }

        Known atBeat(long value) {
            return new Known(key, epoch, value, good, latest, forks, owed);
        }
    }

    /** What comes of a message: at most one of each. */
    record Outcome(Optional<Message> ask, Optional<LedgerForked> fact, Optional<String> complaint) {
        static final Outcome NOTHING = new Outcome(Optional.empty(), Optional.empty(), Optional.empty());

        static Outcome complaint(String complaint) {
            return new Outcome(Optional.empty(), Optional.empty(), Optional.of(complaint));
        }

        private static Outcome fact(LedgerForked fact) {
            return new Outcome(Optional.empty(), Optional.of(fact), Optional.empty());
        }
    }

    /**
     * A head that was known.
     *
     * @throws LedgerException if what was known is malformed
     */
    Head(String self, String host, Known known) {
        this.self = self;
        this.host = host;
        key = VerifierKey.parse(known.key());
        epoch = known.epoch();
        beat = known.beat();
        good = Checkpoint.parse(known.good());
        latest = Checkpoint.parse(known.latest());
        forks.addAll(known.forks());
        known.owed().stream().map(Checkpoint::parse).forEach(owed::addLast);
    }

    /**
     * The first that is seen of a host: it is trusted from here on.
     *
     * @throws LedgerException if it shows no checkpoint or key, or that key did not sign it
     */
    static Head first(String self, Message.Heartbeat beat) {
        Checkpoint shown = Checkpoint.parseSigned(beat.checkpoint(), VerifierKey.parse(beat.key()));
        Known known =
                new Known(beat.key(), beat.epoch(), beat.beat(), shown.note(), shown.note(), List.of(), List.of());
        return new Head(self, beat.host(), known);
    }

    Known known() {
        List<String> notes = owed.stream().map(Checkpoint::note).toList();
        return new Known(key.toString(), epoch, beat, good.note(), latest.note(), forks, notes);
    }

    /** The checkpoint of the most entries that it ever showed under this key, on whichever history. */
    Checkpoint highest() {
        return Stream.concat(
                        Stream.of(good, latest),
                        forks.stream()
                                .flatMap(fork -> Stream.of(fork.older(), fork.newer()))
                                .map(Checkpoint::parse))
                .filter(each -> each.isSignedBy(key))
                .max(Comparator.comparingLong(Checkpoint::size))
                .orElse(latest);
    }

    /** What it says of itself now. */
    Outcome heartbeat(Message.Heartbeat said, long nowMs) {
        if (said.epoch() < epoch || (said.epoch() == epoch && said.beat() <= beat)) {
            return Outcome.NOTHING;
        }
        if (said.checkpoint().isEmpty()) {
            // It has not signed all that it has, as for a moment after a crash.
            return Outcome.NOTHING;
        }
        VerifierKey shownKey;
        Checkpoint shown;
        try {
            boolean isSameKey = said.key().equals(key.toString());
            shownKey = isSameKey ? key : VerifierKey.parse(said.key());
            // The same note was looked at when it came first.
            shown = isSameKey && said.checkpoint().equals(latest.note())
                    ? latest
                    : Checkpoint.parseSigned(said.checkpoint(), shownKey);
        } catch (LedgerException e) {
            return Outcome.complaint(host + " shows no signed checkpoint: " + e.getMessage());
        }
        boolean isNewRun = said.epoch() > epoch;
        Optional<Contradiction> against = against(shownKey, shown);
        if (against.isPresent()) {
            return contradicts(against.get(), latest, shown, shownKey, said, nowMs);
        }
        stamp(said);
        if (isNewRun) {
            // Nobody can exchange the ledger under a running agent unnoticed, so now is the time to look.
            askAtMs = Math.min(askAtMs, askedAtMs + ASK_AGAIN_MS);
            if (latest.size() > good.size() && owed.size() < OWED_MAX) {
                owed.addLast(latest);
            }
        }
        latest = shown.size() > latest.size() ? shown : latest;
        return question(nowMs);
    }

    private Optional<Contradiction> against(VerifierKey shownKey, Checkpoint shown) {
        if (!shownKey.equals(key)) {
            return Optional.of(Contradiction.OTHER_KEY);
        }
        if (shown.size() < latest.size()) {
            return Optional.of(Contradiction.SHORTER);
        }
        return shown.size() == latest.size() && !shown.root().equals(latest.root())
                ? Optional.of(Contradiction.OTHER_ENTRIES)
                : Optional.empty();
    }

    private void stamp(Message.Heartbeat said) {
        epoch = said.epoch();
        beat = said.beat();
    }

    private Outcome contradicts(
            Contradiction reason,
            Checkpoint older,
            Checkpoint newer,
            VerifierKey newKey,
            Message.Heartbeat said,
            long nowMs) {
        Outcome outcome = fork(reason, older, newer, "", nowMs);
        if (outcome.fact().isPresent()) {
            key = newKey;
            latest = newer;
            stamp(said);
        }
        return outcome;
    }

    /** Tells it, and holds the host to what it shows now, so that the same is not told again. */
    private Outcome fork(Contradiction reason, Checkpoint older, Checkpoint newer, String word, long nowMs) {
        toldAtMs.removeIf(at -> at <= nowMs - HOUR_MS);
        if (toldAtMs.size() >= FORKS_AN_HOUR_MAX) {
            return Outcome.complaint(host + " has contradicted itself " + FORKS_AN_HOUR_MAX
                    + " times within an hour; more of that is not recorded until the hour is over");
        }
        toldAtMs.add(nowMs);
        if (forks.size() == FORKS_MAX) {
            // The first is where its history was left, and the last are what it does now.
            forks.remove(1);
        }
        forks.add(new Fork(reason, older.note(), newer.note()));
        LedgerForked fact = Forks.fact(host, reason, older, newer, key, word);
        good = newer;
        owed.clear();
        asked = null;
        isRefused = false;
        return Outcome.fact(fact);
    }

    private Outcome question(long nowMs) {
        if (latest.size() == good.size() || nowMs < askAtMs) {
            return Outcome.NOTHING;
        }
        Checkpoint wanted = owed.isEmpty() ? latest : owed.getFirst();
        if (good.size() == 0) {
            // Everything continues nothing.
            keep(wanted);
            return Outcome.NOTHING;
        }
        unanswered = asked == null ? 0 : unanswered + 1;
        asked = wanted;
        askedAtMs = nowMs;
        askAtMs = nowMs + Math.max(ASK_EVERY_MS, latest.size());
        Optional<String> complaint = unanswered < UNANSWERED_MAX
                ? Optional.empty()
                : Optional.of(host + " has not answered " + unanswered + " times how its ledger goes on from "
                        + good.size() + " entries");
        return new Outcome(
                Optional.of(new Message.AskProof(self, good.note(), wanted.note())), Optional.empty(), complaint);
    }

    /** What it answers to a question; nothing if that question was not asked, or not lately. */
    Outcome proof(Message.Proof proof, long nowMs) {
        Checkpoint open = asked;
        if (open == null || !proof.older().equals(good.note()) || !proof.newer().equals(open.note())) {
            return Outcome.NOTHING;
        }
        asked = null;
        if (isProved(proof, open)) {
            keep(open);
            isRefused = false;
            return Outcome.NOTHING;
        }
        if (!isRefused) {
            isRefused = true;
            askAtMs = nowMs + ASK_AGAIN_MS;
            return Outcome.NOTHING;
        }
        return latest.size() > open.size() && owed.contains(open)
                ? fork(Contradiction.NOT_CONTINUED, open, latest, proof.problem(), nowMs)
                : fork(Contradiction.NOT_CONTINUED, good, open, proof.problem(), nowMs);
    }

    /** From now on it is held to this. */
    private void keep(Checkpoint proved) {
        good = proved;
        owed.removeIf(each -> each.size() <= proved.size());
    }

    private boolean isProved(Message.Proof proof, Checkpoint newer) {
        if (proof.text().isEmpty()) {
            return false;
        }
        try {
            ConsistencyProof read = ConsistencyProof.parse(proof.text());
            read.check(key);
            return read.older().note().equals(good.note())
                    && read.newer().note().equals(newer.note());
        } catch (LedgerException e) {
            return false;
        }
    }
}
