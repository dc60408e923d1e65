// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.reactivex.rxjava3.core.Flowable;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.opdbus.agent.Program;
import org.opdbus.config.AgentConfig;
import org.opdbus.ledger.Ledger;
import org.opdbus.ledger.write.FileLedger;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.bus.SharedBus;
import org.opdbus.verticles.cluster.ClusterListener;
import org.opdbus.verticles.cluster.ClusterOptions;
import org.opdbus.verticles.cluster.ClusterTransport;
import org.opdbus.verticles.cluster.ClusterVerticle;
import org.opdbus.verticles.cluster.EmbeddedTransport;
import org.opdbus.verticles.cluster.nats.LedgerOutbox;
import org.opdbus.verticles.cluster.wire.MessageSigner;
import org.opdbus.verticles.membership.ClusterSession;
import org.opdbus.verticles.membership.EmbeddedSession;
import org.opdbus.verticles.membership.MemberSignatures;
import org.opdbus.verticles.membership.Membership;
import org.opdbus.verticles.membership.MembershipEvent;
import org.opdbus.verticles.membership.trust.KnownMember;

/**
 * Connects the exchange of facts between hosts to the membership that carries it. Made only if the cluster is
 * enabled.
 */
final class SharedFacts {
    private SharedFacts() {}

    static ClusterVerticle of(
            AgentConfig config, Bus bus, FileLedger ledger, Membership membership, ClusterListener listener) {
        MemberSigner signer = new MemberSigner(membership.signatures());
        LedgerOutbox outbox = new LedgerOutbox(
                config.host(),
                config.ledger().dir(),
                () -> ledger.head().map(Ledger.Head::height).orElse(0L),
                signer);
        return new ClusterVerticle(
                bus,
                ClusterOptions.of(
                                config.host(),
                                Program.version(),
                                config.ledger().dir(),
                                ledger.key().toString())
                        .withClaims(config.cluster().claims()),
                ledger,
                transport(membership, outbox),
                listener,
                signer,
                () -> removed(membership));
    }

    private static Set<String> removed(Membership membership) {
        return membership.known().stream()
                .filter(member -> member.removed().isPresent())
                .map(KnownMember::host)
                .collect(Collectors.toSet());
    }

    private static Flowable<Optional<ClusterTransport>> transport(Membership membership, LedgerOutbox outbox) {
        return membership
                .events()
                .filter(event -> event instanceof MembershipEvent.Up || event instanceof MembershipEvent.Down)
                .map(event -> event instanceof MembershipEvent.Up up
                        ? Optional.of(transport(up.session(), outbox, membership))
                        : Optional.empty());
    }

    private static ClusterTransport transport(ClusterSession session, LedgerOutbox outbox, Membership membership) {
        return session instanceof NatsSession nats
                ? nats.transport(outbox, () -> removed(membership))
                : new EmbeddedTransport(new SharedBus(((EmbeddedSession) session).vertx()));
    }

    /** Lets the messages be signed by the keys of the membership. */
    private record MemberSigner(MemberSignatures signatures) implements MessageSigner {
        @Override
        public Signature sign(byte[] text) {
            MemberSignatures.Signed signed = signatures.sign(text);
            return new Signature(signed.certificate(), signed.signature());
        }

        @Override
        public String signer(byte[] text, Signature signature) throws CertificateException {
            return signatures.signer(text, new MemberSignatures.Signed(signature.certificate(), signature.value()));
        }
    }
}
