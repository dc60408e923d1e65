// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.opdbus.config.AgentConfig;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.Verification;
import org.opdbus.ledger.Verifier;
import org.opdbus.ledger.VerifierKey;

/** What other hosts hold of this host's ledger, and what a verification has to say of that. */
final class PeerCheckpoints {
    private final List<SiblingHead> signed;
    private final List<SiblingHead> others;

    private PeerCheckpoints(List<SiblingHead> signed, List<SiblingHead> others) {
        this.signed = signed;
        this.others = others;
    }

    /** When nobody is to be asked. */
    static PeerCheckpoints nowhere() {
        return new PeerCheckpoints(List.of(), List.of());
    }

    /**
     * Asks the running agent to ask them.
     *
     * @param key that signs this ledger; if it is not given, this host's own
     * @param note hears, in a line, why nobody or not everybody could be asked
     */
    static PeerCheckpoints ask(AgentConfig config, Optional<VerifierKey> key, Consumer<String> note)
            throws InterruptedException {
        if (!config.cluster().enabled()) {
            return nowhere();
        }
        List<SiblingHead> heads = SiblingHead.ask(config).orElse(List.of());
        List<String> silent = heads.stream()
                .filter(head -> !head.answered())
                .map(SiblingHead::host)
                .toList();
        if (heads.size() == silent.size()) {
            note.accept("note: no other host of the cluster could be asked what it holds of this ledger");
            return nowhere();
        }
        if (!silent.isEmpty()) {
            note.accept("note: what they hold of this ledger was not answered by " + String.join(", ", silent));
        }
        return sorted(heads, config, key, note);
    }

    private static PeerCheckpoints sorted(
            List<SiblingHead> heads, AgentConfig config, Optional<VerifierKey> key, Consumer<String> note) {
        try {
            VerifierKey signer = key.orElseGet(() -> VerifierKey.read(
                    LedgerOptions.publicKeyFileOf(config.ledger().keyFile())));
            List<SiblingHead> signed = new ArrayList<>();
            List<SiblingHead> others = new ArrayList<>();
            heads.stream()
                    .filter(head -> head.checkpoint().isPresent())
                    .forEach(head -> (head.isSignedBy(signer) ? signed : others).add(head));
            return new PeerCheckpoints(signed, others);
        } catch (LedgerException e) {
            note.accept("note: what other hosts hold of this ledger is not checked: " + e.getMessage());
            return nowhere();
        }
    }

    /** A verifier that also holds the ledger against them. */
    Verifier anchor(Verifier verifier) {
        Verifier with = verifier;
        for (SiblingHead head : signed) {
            with = with.withAnchor(head.name(), head.checkpoint().orElseThrow());
        }
        return with;
    }

    /** Whether all that they hold was signed by this host. */
    boolean isSigned() {
        return others.isEmpty();
    }

    /** What to say of those whose checkpoints are no findings of the verification. */
    List<String> lines(Verification result) {
        List<String> lines = new ArrayList<>();
        for (SiblingHead head : others) {
            lines.add("not signed: " + head.name() + " as this host's is not signed by this host's key; was the key"
                    + " replaced?");
        }
        // Nothing is compared behind the first entry that is damaged by itself.
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
