// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.control;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.config.AgentConfig;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.VerifierKey;

/**
 * What a peer says that it holds of this host's ledger.
 *
 * @param checkpoint the highest checkpoint of this host that it saw; empty if it saw none, or sent
 * none that is valid
 */
public record PeerHead(String host, boolean answered, Optional<Checkpoint> checkpoint) {
    /**
     * Returns what the connected peers answer; empty if no agent runs or it cannot say. Takes some
     * 2 s if a peer is silent.
     */
    public static Optional<List<PeerHead>> ask(AgentConfig config) throws InterruptedException {
        return LimitedQuestion.ask(config, agent -> {
            List<PeerHead> heads = new ArrayList<>();
            agent.call("heads").forEach(head -> heads.add(of(head)));
            return heads;
        });
    }

    private static PeerHead of(JsonNode head) {
        return new PeerHead(
                head.path("host").asText(),
                head.path("answered").asBoolean(),
                parsed(head.path("checkpoint").asText()));
    }

    private static Optional<Checkpoint> parsed(String note) {
        try {
            return Optional.of(Checkpoint.parse(note));
        } catch (LedgerException e) {
            return Optional.empty();
        }
    }

    /** Returns whether this host's key signed the checkpoint. */
    public boolean isSignedBy(VerifierKey key) {
        return checkpoint.filter(held -> held.isSignedBy(key)).isPresent();
    }

    long size() {
        return checkpoint.map(Checkpoint::size).orElse(0L);
    }

    /** Returns the name of the checkpoint in findings. */
    public String name() {
        return "the checkpoint of " + size() + " entries that " + host + " holds";
    }
}
