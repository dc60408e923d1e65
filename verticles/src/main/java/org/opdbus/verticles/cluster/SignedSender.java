// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.vertx.core.buffer.Buffer;
import java.util.Collection;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.cluster.limits.PeerWarnings;
import org.opdbus.verticles.cluster.wire.Message;
import org.opdbus.verticles.cluster.wire.MessageSender;
import org.opdbus.verticles.cluster.wire.MessageSigner;
import org.opdbus.verticles.cluster.wire.SignedMessage;
import org.opdbus.verticles.cluster.wire.Wire;

/** Signs messages and hands them to the transport while there is one; otherwise they are dropped. For any thread. */
final class SignedSender implements MessageSender {
    private final MessageSigner signer;
    private final PeerWarnings warnings;
    private volatile @Nullable ClusterTransport transport;
    private volatile @Nullable Signed last;

    /** A message that means the same to several hosts is signed once. */
    private record Signed(Message message, Buffer bytes) {}

    SignedSender(MessageSigner signer, PeerWarnings warnings) {
        this.signer = signer;
        this.warnings = warnings;
    }

    void use(Optional<ClusterTransport> now) {
        transport = now.orElse(null);
    }

    boolean isOpen() {
        return transport != null;
    }

    void publishHead(Message.LedgerHead head) {
        send(head, "", ClusterTransport::publishHead);
    }

    void publishFacts(Collection<String> hosts, Message.LiveFacts facts) {
        send(facts, "", (open, bytes) -> open.publishFacts(hosts, bytes));
    }

    void fetch(String host, Message.AskEntries ask) {
        send(ask, host, (open, bytes) -> open.fetchEntries(host, ask.from(), bytes));
    }

    @Override
    public void to(String host, Message message) {
        send(message, host, (open, bytes) -> open.send(host, bytes));
    }

    private void send(Message message, String to, BiConsumer<ClusterTransport, Buffer> way) {
        ClusterTransport open = transport;
        if (open == null) {
            return;
        }
        Signed signed = last;
        if (signed == null || signed.message() != message) {
            signed = new Signed(message, SignedMessage.write(message, to, signer));
            if (message.isForAll()) {
                last = signed;
            }
        }
        if (signed.bytes().length() > Wire.BYTES_MAX) {
            warnings.warn(
                    message.host(), "a message of " + signed.bytes().length() + " bytes is too long for its receivers");
        } else {
            way.accept(open, signed.bytes());
        }
    }
}
