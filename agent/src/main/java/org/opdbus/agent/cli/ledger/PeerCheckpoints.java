// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.opdbus.agent.cli.control.PeerHead;
import org.opdbus.config.AgentConfig;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.VerifierKey;
import org.opdbus.ledger.verify.Verification;
import org.opdbus.ledger.verify.Verifier;

/** What other hosts hold of this host's ledger, and how a verification reports it. */
final class PeerCheckpoints {
    private final List<PeerHead> signed;
    private final List<PeerHead> others;

    private PeerCheckpoints(List<PeerHead> signed, List<PeerHead> others) {
        this.signed = signed;
        this.others = others;
    }

    /** Returns the checkpoints for a verification that asks no other host. */
    static PeerCheckpoints nowhere() {
        return new PeerCheckpoints(List.of(), List.of());
    }

    /**
     * Asks the running agent to ask the other hosts.
     *
     * @param key the key that signs this ledger; null means this host's own
     * @param note receives, in one line, why some or all hosts could not be asked
     */
    static PeerCheckpoints ask(AgentConfig config, Optional<VerifierKey> key, Consumer<String> note)
            throws InterruptedException {
        if (!config.cluster().enabled()) {
            return nowhere();
        }
        List<PeerHead> heads = PeerHead.ask(config).orElse(List.of());
        List<String> silent = heads.stream()
                .filter(head -> !head.answered())
                .map(PeerHead::host)
                .toList();
        if (heads.size() == silent.size()) {
            note.accept("note: no other host of the cluster could be asked for its checkpoint of " + "this ledger");
            return nowhere();
        }
        if (!silent.isEmpty()) {
            note.accept("note: these hosts did not send their checkpoint of this ledger: " + String.join(", ", silent));
        }
        return sorted(heads, config, key, note);
    }

    private static PeerCheckpoints sorted(
            List<PeerHead> heads, AgentConfig config, Optional<VerifierKey> key, Consumer<String> note) {
        try {
            VerifierKey signer = key.orElseGet(() -> VerifierKey.read(
                    LedgerOptions.publicKeyFileOf(config.ledger().keyFile())));
            List<PeerHead> signed = new ArrayList<>();
            List<PeerHead> others = new ArrayList<>();
            heads.stream()
                    .filter(head -> head.checkpoint().isPresent())
                    .forEach(head -> (head.isSignedBy(signer) ? signed : others).add(head));
            return new PeerCheckpoints(signed, others);
        } catch (LedgerException e) {
            note.accept("note: the checkpoints of this ledger that other hosts hold are not " + "checked: "
                    + e.getMessage());
            return nowhere();
        }
    }

    /** Returns a verifier that also compares the ledger with these checkpoints. */
    Verifier anchor(Verifier verifier) {
        Verifier with = verifier;
        for (PeerHead head : signed) {
            with = with.withAnchor(head.name(), head.checkpoint().orElseThrow());
        }
        return with;
    }

    /** Returns whether this host signed all of these checkpoints. */
    boolean isSigned() {
        return others.isEmpty();
    }

    /** Returns the lines about the hosts whose checkpoints are no findings of the verification. */
    List<String> lines(Verification result) {
        List<String> lines = new ArrayList<>();
        for (PeerHead head : others) {
            lines.add("not signed: " + head.name() + " as this host's is not signed by this host's key; was the key"
                    + " replaced?");
        }
        // Nothing after the first damaged entry is compared.
        boolean isCompared = result.findings().stream()
                .allMatch(finding ->
                        signed.stream().anyMatch(head -> finding.what().contains(head.name())));
        if (isCompared) {
            signed.stream()
                    .filter(head -> result.findings().stream()
                            .noneMatch(finding -> finding.what().contains(head.name())))
                    .forEach(head -> lines.add("held elsewhere: " + head.name() + " is the beginning of this ledger"));
        }
        return lines;
    }
}
