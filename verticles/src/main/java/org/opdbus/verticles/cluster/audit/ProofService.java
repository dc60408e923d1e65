// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.audit;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.merkle.ConsistencyProof;
import org.opdbus.ledger.merkle.LeafProver;
import org.opdbus.ledger.verify.LedgerProver;
import org.opdbus.verticles.cluster.limits.FileThread;
import org.opdbus.verticles.cluster.wire.Message;
import org.opdbus.verticles.cluster.wire.MessageSender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the proofs that peers request, one after the other on a thread of its own. A proof is made from the leaf hashes beside
 * the ledger. If they prove nothing, it takes a read of the whole ledger, and other answers must not wait for that. Overflow
 * rule: a request that the {@link FileThread} refuses is dropped, and the peer asks again.
 */
final class ProofService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");
    private static final int PROOFS_MAX = 16;

    private final String self;
    private final Path dir;
    private final Map<List<String>, String> proofs = Collections.synchronizedMap(new Last());
    private final MessageSender sender;
    private final FileThread thread = new FileThread("op-dbus-proofs");

    ProofService(String self, Path dir, MessageSender sender) {
        this.self = self;
        this.dir = dir;
        this.sender = sender;
    }

    void ask(Message.AskProof ask) {
        try {
            thread.execute(() -> answer(ask));
        } catch (RejectedExecutionException full) {
            LOG.debug("cluster: no proof for {}: too many are asked for", ask.host());
        }
    }

    private void answer(Message.AskProof ask) {
        try {
            String text = proof(ask.older(), ask.newer());
            sender.to(ask.host(), new Message.Proof(self, ask.older(), ask.newer(), text, ""));
        } catch (LedgerException e) {
            if (e.reason() == LedgerException.Reason.IO) {
                // A failing disk says nothing about its content. No answer does not accuse this
                // host of a false ledger.
                LOG.debug("cluster: no proof for {}: {}", ask.host(), e.getMessage());
                return;
            }
            String problem = Optional.ofNullable(e.getMessage()).orElse("no proof");
            sender.to(ask.host(), new Message.Proof(self, ask.older(), ask.newer(), "", problem));
        } catch (RuntimeException e) {
            LOG.warn("cluster: failed to make a proof for {}", ask.host(), e);
        }
    }

    /**
     * Returns the proof that one checkpoint of this ledger continues another.
     *
     * @throws LedgerException if it does not
     */
    String proof(String older, String newer) {
        // Several peers request the same proof: all that have the same knowledge of this host when
        // it returns.
        return proofs.computeIfAbsent(
                List.of(older, newer),
                heads -> proof(Checkpoint.parse(older), Checkpoint.parse(newer)).text());
    }

    private ConsistencyProof proof(Checkpoint older, Checkpoint newer) {
        return LeafProver.of(dir)
                .consistency(older, newer)
                .orElseGet(() -> LedgerProver.of(dir).consistency(older, newer));
    }

    private static final class Last extends LinkedHashMap<List<String>, String> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, String> eldest) {
            return size() > PROOFS_MAX;
        }
    }

    @Override
    public void close() {
        thread.close();
    }
}
