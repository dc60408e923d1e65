// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.audit;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.opdbus.ledger.LedgerException;
import org.opdbus.verticles.cluster.wire.Message;
import org.opdbus.verticles.cluster.wire.Wire;

/** The heads of all peers' ledgers; see {@link Head}. It uses no I/O and no clock; for use by one thread. */
final class Heads {
    private final String self;
    private final Map<String, Head> heads = new TreeMap<>();

    /**
     * Creates the heads from what was known of them.
     *
     * @throws LedgerException if that is malformed
     */
    Heads(String self, SavedHeads saved) {
        this.self = self;
        saved.hosts().forEach(known -> heads.put(known.host(), new Head(self, known)));
    }

    SavedHeads saved() {
        return new SavedHeads(heads.values().stream().map(Head::known).toList());
    }

    /** Returns what is known of one peer's head. */
    Optional<Head> of(String host) {
        return Optional.ofNullable(heads.get(host));
    }

    Head.Outcome heartbeat(Message.LedgerHead beat, long nowMs) {
        Head head = heads.get(beat.host());
        if (head != null) {
            return head.heartbeat(beat, nowMs);
        }
        if (beat.checkpoint().isEmpty() || heads.size() >= Wire.HOSTS_MAX) {
            return Head.Outcome.NOTHING;
        }
        try {
            heads.put(beat.host(), Head.first(self, beat));
            return Head.Outcome.NOTHING;
        } catch (LedgerException e) {
            return Head.Outcome.complaint(beat.host() + " shows no signed checkpoint: " + e.getMessage());
        }
    }

    Head.Outcome proof(Message.Proof proof, long nowMs) {
        Head head = heads.get(proof.host());
        return head == null ? Head.Outcome.NOTHING : head.proof(proof, nowMs);
    }
}
