// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.opdbus.events.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an eye on what siblings say of themselves, and tells what does not fit as facts of this host. For use by one
 * thread, which may wait for files.
 */
final class Watch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");
    private static final Duration COMPLAIN_EVERY = Duration.ofMinutes(10);

    private final Siblings.Mail mail;
    private final Consumer<Event> facts;
    private final HeadsFile file;
    private final Heads heads;
    private final ProofDesk proofs;
    private final Running running = new Running();
    private final Optional<Claims> claims;
    private final Map<String, Instant> complainedAt = new HashMap<>();

    /**
     * With what the file remembers.
     *
     * @param facts hears what does not fit
     * @param isCaughtUp whether everything was heard that a sibling is known to have said
     */
    Watch(
            ClusterOptions options,
            OwnLedger ledger,
            Siblings.Mail mail,
            Consumer<Event> facts,
            Predicate<String> isCaughtUp)
            throws IOException {
        String self = options.host();
        this.mail = mail;
        this.facts = facts;
        file = new HeadsFile(options.file().resolveSibling("heads.json"));
        heads = file.read(self);
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

    /** Asks what is to be asked now. */
    void ask(long nowMs) {
        claims.ifPresent(open -> open.turn(nowMs).forEach(mail::to));
    }

    /** Takes what came from another host. */
    void receive(Message message) throws IOException {
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
        }
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private void take(String host, Head.Outcome outcome) throws IOException {
        if (outcome.fact().isPresent()) {
            facts.accept(outcome.fact().get());
            // At once, so that no later run tells it again; told twice is better than never.
            file.write(heads);
        }
        outcome.ask().ifPresent(ask -> mail.to(host, ask));
        outcome.complaint().ifPresent(complaint -> complain(host, complaint));
    }

    private void complain(String host, String complaint) {
        Instant now = Instant.now();
        Instant last = complainedAt.getOrDefault(host, Instant.MIN);
        if (last.equals(Instant.MIN) || now.isAfter(last.plus(COMPLAIN_EVERY))) {
            if (complainedAt.size() >= Siblings.HOSTS_MAX) {
                complainedAt.clear();
            }
            complainedAt.put(host, now);
            LOG.warn("cluster: {}; said once in {} minutes", complaint, COMPLAIN_EVERY.toMinutes());
        }
    }

    void save() throws IOException {
        file.write(heads);
    }

    @Override
    public void close() {
        proofs.close();
    }
}
