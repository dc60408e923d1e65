// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.reactivex.rxjava3.core.Single;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.opdbus.events.Event;

/**
 * Checks what peers say about themselves, and publishes contradictions as facts of this host. For use by one thread,
 * except where noted.
 */
final class Watch {
    private final String self;
    private final Siblings.Mail mail;
    private final Consumer<Event> facts;
    private final HeadsFile file;
    private final Heads heads;
    private final ProofDesk proofs;
    private final HeadPoll polls;
    private final Running running = new Running();
    private final Optional<Claims> claims;
    private final Complaints complaints;
    private final Executor files;

    /**
     * Restores what the file holds.
     *
     * @param facts receives the contradictions
     * @param isCaughtUp whether this host has received everything that a peer is known to have sent
     * @param files the thread that writes files
     */
    Watch(
            ClusterOptions options,
            OwnLedger ledger,
            Siblings.Mail mail,
            Consumer<Event> facts,
            Predicate<String> isCaughtUp,
            Complaints complaints,
            Executor files)
            throws IOException {
        self = options.host();
        this.mail = mail;
        this.facts = facts;
        this.complaints = complaints;
        this.files = files;
        file = new HeadsFile(new DueFile(options.file().resolveSibling("heads.json"), System::nanoTime, complaints));
        heads = file.read(self);
        polls = new HeadPoll(self, mail);
        proofs = new ProofDesk(self, ledger, mail);
        claims = options.claims() ? Optional.of(new Claims(self, running, isCaughtUp)) : Optional.empty();
    }

    /** Processes an event of this host; for any thread, and returns at once. */
    void heard(Event event) {
        running.hear(event);
    }

    /** Returns a receiver that inspects what peers send before it passes it on. */
    Consumer<Told> andThen(Consumer<Told> listener) {
        return fact -> {
            claims.ifPresent(open -> open.told(fact));
            listener.accept(fact);
        };
    }

    /** A peer has appeared, for the first time or again. */
    void up(String host) {
        claims.ifPresent(open -> open.up(host));
    }

    /** Asks these peers what they hold of this host's ledger. For any thread. */
    Single<List<HeldHead>> heldBy(Set<String> hosts, Duration limit) {
        return polls.ask(hosts, limit);
    }

    /** Sends the questions that are due now. */
    void ask(long nowMs) {
        claims.ifPresent(open -> open.turn(nowMs).forEach(mail::to));
    }

    /** Processes a message from another host. */
    void receive(Message message) {
        if (message instanceof Message.Heartbeat beat) {
            take(beat.host(), heads.heartbeat(beat, nowMs()));
        } else if (message instanceof Message.Proof proof) {
            take(proof.host(), heads.proof(proof, nowMs()));
        } else if (message instanceof Message.AskProof ask) {
            proofs.ask(ask);
        } else if (message instanceof Message.AskClaim ask) {
            claims.ifPresent(open -> mail.to(ask.host(), open.answer(ask)));
        } else if (message instanceof Message.Claim claim) {
            claims.ifPresent(open -> open.claim(claim, nowMs()).forEach(facts));
        } else if (message instanceof Message.AskHead ask) {
            String held =
                    heads.of(ask.host()).map(head -> head.highest().note()).orElse("");
            mail.to(ask.host(), new Message.Held(self, ask.question(), held));
        } else if (message instanceof Message.Held held) {
            polls.answered(held);
        }
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private void take(String host, Head.Outcome outcome) {
        if (outcome.fact().isPresent()) {
            facts.accept(outcome.fact().get());
            // Saved at once, so that no later run reports it again; reporting twice is better than
            // never.
            file.writeSoon(heads, files);
        }
        outcome.ask().ifPresent(ask -> mail.to(host, ask));
        outcome.complaint().ifPresent(complaint -> complaints.warn(host, complaint));
    }

    /** Saves what is new. */
    void save() {
        file.writeIfDue(heads, files);
    }

    /** Saves what is known, and ends. */
    void end() throws IOException {
        proofs.close();
        file.write(heads);
    }
}
