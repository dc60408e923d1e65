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
 * Reads every byte of a ledger and says whether it is what was written and signed. Needs no agent, only the right to
 * read; modifies nothing; gives the same answer while the ledger is being written: entries that follow those of the
 * checkpoint are given two seconds to be signed.
 *
 * <p>The entries themselves decide: derived files are held against them and never the other way round, with one
 * exception that cannot make a bad ledger pass. When the entries are not those that were signed, the leaf hashes, if
 * <em>they</em> lead to the signed root, tell which entry is the first that differs.
 */
public final class Verifier {
    /** Hears how far a verification has come. */
    @FunctionalInterface
    public interface Progress {
        /** So many of so many bytes have been read. */
        void read(long bytes, long total);
    }

    private final LedgerDirectory directory;
    private final Wanted wanted;

    private Verifier(LedgerDirectory directory, Wanted wanted) {
        this.directory = directory;
        this.wanted = wanted;
    }

    /** A verifier of the ledger in a directory. */
    public static Verifier of(Path dir) {
        return new Verifier(
                new LedgerDirectory(dir),
                new Wanted(Optional.empty(), List.of(), (bytes, total) -> {}, false, Optional::empty));
    }

    /** The same, which also checks that this key signed the checkpoint. */
    public Verifier withKey(VerifierKey value) {
        return with(new Wanted(
                Optional.of(value), wanted.anchors(), wanted.progress(), wanted.unsignedAllowed(), wanted.agent()));
    }

    /** The same, which also checks that the ledger continues those of checkpoints that were kept elsewhere. */
    public Verifier withAnchors(List<Checkpoint> values) {
        Verifier with = this;
        for (Checkpoint value : values) {
            with = with.withAnchor("the checkpoint of " + value.size() + " entries that was handed in", value);
        }
        return with;
    }

    /**
     * The same, which also checks that the ledger continues the one of a checkpoint.
     *
     * @param name how it is called in what is found
     */
    public Verifier withAnchor(String name, Checkpoint value) {
        List<Wanted.Anchor> more = new ArrayList<>(wanted.anchors());
        more.add(new Wanted.Anchor(name, value));
        return with(new Wanted(wanted.key(), more, wanted.progress(), wanted.unsignedAllowed(), wanted.agent()));
    }

    /** The same, which says how far it has come. */
    public Verifier withProgress(Progress value) {
        return with(new Wanted(wanted.key(), wanted.anchors(), value, wanted.unsignedAllowed(), wanted.agent()));
    }

    /** The same, for which entries that no checkpoint covers are a notice and no finding. */
    public Verifier withUnsignedAllowed() {
        return with(new Wanted(wanted.key(), wanted.anchors(), wanted.progress(), true, wanted.agent()));
    }

    /**
     * The same, which asks the running agent for its latest checkpoint when the one on disk does not cover all entries.
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
     * @throws LedgerException if it cannot be read (IO), or the directory is no ledger's (NOT_A_LEDGER)
     */
    public Verification verify() {
        return new VerificationRun(directory, wanted).verify();
    }
}
