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
 * Keeps an eye on what siblings say of themselves, and tells what does not fit as facts of this host. For use by one
 * thread, but where something else is said.
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
     * With what the file remembers.
     *
     * @param facts hears what does not fit
     * @param isCaughtUp whether everything was heard that a sibling is known to have said
     * @param files where files are written
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

    /** An event of this host; for any thread, and returns at once. */
    void heard(Event event) {
        running.hear(event);
    }

    /** A listener that looks at what siblings tell before it hands it on. */
    Consumer<Told> andThen(Consumer<Told> listener) {
        return fact -> {
            claims.ifPresent(open -> open.told(fact));
            listener.accept(fact);
        };
    }

    /** A sibling is there, for the first time or again. */
    void up(String host) {
        claims.ifPresent(open -> open.up(host));
    }

    /** Asks these siblings what they hold of this host's ledger. For any thread. */
    Single<List<HeldHead>> heldBy(Set<String> hosts, Duration limit) {
        return polls.ask(hosts, limit);
    }

    /** Asks what is to be asked now. */
    void ask(long nowMs) {
        claims.ifPresent(open -> open.turn(nowMs).forEach(mail::to));
    }

    /** Takes what came from another host. */
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
            // At once, so that no later run tells it again; told twice is better than never.
            file.writeSoon(heads, files);
        }
        outcome.ask().ifPresent(ask -> mail.to(host, ask));
        outcome.complaint().ifPresent(complaint -> complaints.warn(host, complaint));
    }

    /** Keeps what is new. */
    void save() {
        file.writeIfDue(heads, files);
    }

    /** Writes what is known, and ends. */
    void end() throws IOException {
        proofs.close();
        file.write(heads);
    }
}
