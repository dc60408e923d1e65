// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.ClusterEvent.Contradiction;
import org.opdbus.events.ClusterEvent.LedgerForked;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.VerifierKey;
import org.opdbus.ledger.merkle.ConsistencyProof;
import org.opdbus.verticles.cluster.audit.SavedHeads.Fork;
import org.opdbus.verticles.cluster.audit.SavedHeads.Known;
import org.opdbus.verticles.cluster.wire.Message;

/**
 * The known height of one peer's ledger, and whether the ledger only grew. It decides without any file or clock. For
 * use by one thread.
 *
 * <p>Only signed checkpoints count, and only in the order in which they were signed; a heartbeat that a later one has
 * overtaken is ignored. A host that shows another history is reported once; from then on it must continue the new
 * history.
 */
final class Head {
    /**
     * A proof costs its maker a read of its ledger, so it is requested no more often than this, and than a
     * millisecond per entry.
     */
    static final long ASK_EVERY_MS = 30_000;
    /** A refusal counts when it is given twice. */
    static final long ASK_AGAIN_MS = 5_000;
    /**
     * More contradictions of one host than this per hour are not recorded, because an attacker with its key could
     * fill this host's ledger.
     */
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
    /** The checkpoint that the host must continue. */
    private Checkpoint good;
    /**
     * The last checkpoint that it showed; not smaller than the good one, and not proved to continue it unless both
     * are the same.
     */
    private Checkpoint latest;
    /**
     * The last checkpoints that earlier runs showed, in their order, while they are not proved: a ledger that was
     * restored in between may have outgrown them since.
     */
    private final Deque<Checkpoint> owed = new ArrayDeque<>();

    private @Nullable Checkpoint asked;
    private boolean isRefused;
    private int unanswered;
    private long askedAtMs;
    private long askAtMs = Long.MIN_VALUE;

    /** The results of a message: at most one of each. */
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
     * Restores a head.
     *
     * @throws LedgerException if the stored head is malformed
     */
    Head(String self, Known known) {
        this.self = self;
        host = Objects.requireNonNull(known.host(), "host");
        key = VerifierKey.parse(known.key());
        epoch = known.epoch();
        beat = known.beat();
        good = Checkpoint.parse(known.good());
        latest = Checkpoint.parse(known.latest());
        forks.addAll(known.forks());
        known.owed().stream().map(Checkpoint::parse).forEach(owed::addLast);
    }

    /**
     * Creates a head from the first message of a host, which is trusted from here on.
     *
     * @throws LedgerException if it shows no checkpoint or key, or that key did not sign it
     */
    static Head first(String self, Message.LedgerHead beat) {
        Checkpoint shown = Checkpoint.parseSigned(beat.checkpoint(), VerifierKey.parse(beat.key()));
        return new Head(
                self,
                new Known(
                        beat.host(),
                        beat.key(),
                        beat.run(),
                        beat.count(),
                        shown.note(),
                        shown.note(),
                        List.of(),
                        List.of()));
    }

    Known known() {
        List<String> notes = owed.stream().map(Checkpoint::note).toList();
        return new Known(host, key.toString(), epoch, beat, good.note(), latest.note(), forks, notes);
    }

    /** Returns the checkpoint with the most entries that it ever showed under this key, in any history. */
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

    /** Processes what the host says about itself now. */
    Outcome heartbeat(Message.LedgerHead said, long nowMs) {
        if (said.run() < epoch || (said.run() == epoch && said.count() <= beat)) {
            return Outcome.NOTHING;
        }
        if (said.checkpoint().isEmpty()) {
            // It has not signed all of its entries, as for a moment after a crash.
            return Outcome.NOTHING;
        }
        VerifierKey shownKey;
        Checkpoint shown;
        try {
            boolean isSameKey = said.key().equals(key.toString());
            shownKey = isSameKey ? key : VerifierKey.parse(said.key());
            // The same note was checked when it arrived first.
            shown = isSameKey && said.checkpoint().equals(latest.note())
                    ? latest
                    : Checkpoint.parseSigned(said.checkpoint(), shownKey);
        } catch (LedgerException e) {
            return Outcome.complaint(host + " shows no signed checkpoint: " + e.getMessage());
        }
        boolean isNewRun = said.run() > epoch;
        Optional<Contradiction> against = against(shownKey, shown);
        if (against.isPresent()) {
            return contradicts(against.get(), latest, shown, shownKey, said, nowMs);
        }
        stamp(said);
        if (isNewRun) {
            // A running agent would notice if its ledger were exchanged, so the start of a run is
            // the time to check.
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

    private void stamp(Message.LedgerHead said) {
        epoch = said.run();
        beat = said.count();
    }

    private Outcome contradicts(
            Contradiction reason,
            Checkpoint older,
            Checkpoint newer,
            VerifierKey newKey,
            Message.LedgerHead said,
            long nowMs) {
        Outcome outcome = fork(reason, older, newer, "", nowMs);
        if (outcome.fact().isPresent()) {
            key = newKey;
            latest = newer;
            stamp(said);
        }
        return outcome;
    }

    /**
     * Reports the contradiction, and accepts what the host shows now as its new history, so that the same is not
     * reported again.
     */
    private Outcome fork(Contradiction reason, Checkpoint older, Checkpoint newer, String word, long nowMs) {
        toldAtMs.removeIf(at -> at <= nowMs - HOUR_MS);
        if (toldAtMs.size() >= FORKS_AN_HOUR_MAX) {
            return Outcome.complaint(host + " has contradicted itself " + FORKS_AN_HOUR_MAX
                    + " times within an hour; further contradictions are not recorded until the "
                    + "hour is over");
        }
        toldAtMs.add(nowMs);
        if (forks.size() == FORKS_MAX) {
            // The first one shows where its history was left, and the last ones show its present
            // state.
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
            // Every ledger continues an empty one.
            keep(wanted);
            return Outcome.NOTHING;
        }
        unanswered = asked == null ? 0 : unanswered + 1;
        asked = wanted;
        askedAtMs = nowMs;
        askAtMs = nowMs + Math.max(ASK_EVERY_MS, latest.size());
        Optional<String> complaint = unanswered < UNANSWERED_MAX
                ? Optional.empty()
                : Optional.of(host + " has not answered " + unanswered + " times how its ledger continues from "
                        + good.size() + " entries");
        return new Outcome(
                Optional.of(new Message.AskProof(self, good.note(), wanted.note())), Optional.empty(), complaint);
    }

    /** Processes its answer to a question; ignores it if that question was not asked, or not recently. */
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

    /** From now on the host must continue this checkpoint. */
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
