// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.audit;

import io.reactivex.rxjava3.core.Single;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.opdbus.events.Event;
import org.opdbus.verticles.cluster.limits.PeerWarnings;
import org.opdbus.verticles.cluster.limits.StateFile;
import org.opdbus.verticles.cluster.wire.Message;
import org.opdbus.verticles.cluster.wire.MessageSender;

/**
 * Compares what peers sign about their ledgers with what they signed before, publishes contradictions as facts of this
 * host, and answers peers that do the same. For use by one thread, except where noted.
 */
public final class LedgerAuditor {
    private final String self;
    private final MessageSender sender;
    private final Consumer<Event> facts;
    private final StateFile<SavedHeads> file;
    private final ProofService proofs;
    private final HeadPoll polls;
    private final PeerWarnings warnings;
    private final Executor files;
    private Heads heads;

    /**
     * Knows nothing before {@link #restore}.
     *
     * @param ledgerDir the folder of this host's ledger
     * @param file the file that keeps the heads
     * @param facts receives the contradictions
     * @param files the thread that writes files
     */
    public LedgerAuditor(
            String self,
            Path ledgerDir,
            Path file,
            MessageSender sender,
            Consumer<Event> facts,
            PeerWarnings warnings,
            Executor files) {
        this.self = self;
        this.sender = sender;
        this.facts = facts;
        this.warnings = warnings;
        this.files = files;
        this.file = new StateFile<>(file, SavedHeads.NONE, System::nanoTime, warnings);
        heads = new Heads(self, SavedHeads.NONE);
        polls = new HeadPoll(self, sender);
        proofs = new ProofService(self, ledgerDir, sender);
    }

    /** Reads what an earlier run knew, before anything else is called; a failure changes nothing. */
    public void restore() throws IOException {
        heads = file.read(saved -> new Heads(self, saved));
    }

    /** Asks these peers for the highest head of this host's ledger that they hold. For any thread. */
    public Single<List<HeldHead>> heldBy(Set<String> hosts, Duration limit) {
        return polls.ask(hosts, limit);
    }

    public void head(Message.LedgerHead head, long nowMs) {
        take(head.host(), heads.heartbeat(head, nowMs));
    }

    public void proof(Message.Proof proof, long nowMs) {
        take(proof.host(), heads.proof(proof, nowMs));
    }

    /** Answers, later and on another thread. */
    public void askProof(Message.AskProof ask) {
        proofs.ask(ask);
    }

    public void askHead(Message.AskHead ask) {
        String held = heads.of(ask.host()).map(head -> head.highest().note()).orElse("");
        sender.to(ask.host(), new Message.Held(self, ask.question(), held));
    }

    public void held(Message.Held held) {
        polls.answered(held);
    }

    private void take(String host, Head.Outcome outcome) {
        if (outcome.fact().isPresent()) {
            facts.accept(outcome.fact().get());
            // Saved at once, so that no later run reports it again; reporting twice is better than
            // never.
            file.writeSoon(heads.saved(), files);
        }
        outcome.ask().ifPresent(ask -> sender.to(host, ask));
        outcome.complaint().ifPresent(complaint -> warnings.warn(host, complaint));
    }

    /** Saves what is new. */
    public void save() {
        file.writeIfDue(heads::saved, files);
    }

    /** Saves what is known, and ends. */
    public void end() throws IOException {
        proofs.close();
        file.write(heads.saved());
    }
}
