// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.VerifierKey;

/**
 * Reads every byte of a ledger and checks that it is what was written and signed. It needs no agent, only the right
 * to read; it modifies nothing, and gives the same answer while the ledger is being written: entries after those of
 * the checkpoint have two seconds to be signed.
 *
 * <p>The entries decide: derived files are compared with them and not the other way round, with one exception that
 * cannot make a bad ledger pass. If the entries are not those that were signed, the leaf hashes, if <em>they</em>
 * lead to the signed root, show which entry is the first that differs.
 */
public final class Verifier {
    /** Receives the progress of a verification. */
    @FunctionalInterface
    public interface Progress {
        /** This many of this many bytes have been read. */
        void read(long bytes, long total);
    }

    private final LedgerDirectory directory;
    private final Wanted wanted;

    private Verifier(LedgerDirectory directory, Wanted wanted) {
        this.directory = directory;
        this.wanted = wanted;
    }

    /** Creates a verifier of the ledger in a directory. */
    public static Verifier of(Path dir) {
        return new Verifier(
                new LedgerDirectory(dir),
                new Wanted(Optional.empty(), List.of(), (bytes, total) -> {}, false, Optional::empty));
    }

    /** Returns a verifier that also checks that this key signed the checkpoint. */
    public Verifier withKey(VerifierKey value) {
        return with(new Wanted(
                Optional.of(value), wanted.anchors(), wanted.progress(), wanted.unsignedAllowed(), wanted.agent()));
    }

    /** Returns a verifier that also checks that the ledger continues these checkpoints, which were kept elsewhere. */
    public Verifier withAnchors(List<Checkpoint> values) {
        Verifier with = this;
        for (Checkpoint value : values) {
            with = with.withAnchor("the checkpoint of " + value.size() + " entries that was handed in", value);
        }
        return with;
    }

    /**
     * Returns a verifier that also checks that the ledger continues the one of a checkpoint.
     *
     * @param name the name of the checkpoint in findings
     */
    public Verifier withAnchor(String name, Checkpoint value) {
        List<Wanted.Anchor> more = new ArrayList<>(wanted.anchors());
        more.add(new Wanted.Anchor(name, value));
        return with(new Wanted(wanted.key(), more, wanted.progress(), wanted.unsignedAllowed(), wanted.agent()));
    }

    /** Returns a verifier that reports its progress. */
    public Verifier withProgress(Progress value) {
        return with(new Wanted(wanted.key(), wanted.anchors(), value, wanted.unsignedAllowed(), wanted.agent()));
    }

    /** Returns a verifier for which unsigned entries are a notice and not a finding. */
    public Verifier withUnsignedAllowed() {
        return with(new Wanted(wanted.key(), wanted.anchors(), wanted.progress(), true, wanted.agent()));
    }

    /**
     * Returns a verifier that asks the running agent for its latest checkpoint when the one on disk does not cover
     * all entries.
     *
     * @param value asks; empty if no agent runs. May be called twice
     */
    public Verifier withAgent(Supplier<Optional<Checkpoint>> value) {
        return with(new Wanted(wanted.key(), wanted.anchors(), wanted.progress(), wanted.unsignedAllowed(), value));
    }

    private Verifier with(Wanted changed) {
        return new Verifier(directory, changed);
    }

    /**
     * Verifies the ledger.
     *
     * @throws LedgerException if it cannot be read (IO), or the directory is not a ledger's (NOT_A_LEDGER)
     */
    public Verification verify() {
        return new VerificationRun(directory, wanted).verify();
    }
}
