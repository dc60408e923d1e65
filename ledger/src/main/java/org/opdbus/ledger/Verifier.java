// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads every byte of a ledger and says whether it is what was written and signed. Needs no agent, only the right to
 * read; modifies nothing; gives the same answer while the ledger is being written.
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
    private final Optional<VerifierKey> key;
    private final List<Anchor> anchors;
    private final Progress progress;

    /** A checkpoint that the ledger must continue, and how it is called in what is found. */
    private record Anchor(String name, Checkpoint checkpoint) {}

    private Verifier(LedgerDirectory directory, Optional<VerifierKey> key, List<Anchor> anchors, Progress progress) {
        this.directory = directory;
        this.key = key;
        this.anchors = List.copyOf(anchors);
        this.progress = progress;
    }

    /** A verifier of the ledger in a directory. */
    public static Verifier of(Path dir) {
        return new Verifier(new LedgerDirectory(dir), Optional.empty(), List.of(), (bytes, total) -> {});
    }

    /** The same, which also checks that this key signed the checkpoint. */
    public Verifier withKey(VerifierKey value) {
        return new Verifier(directory, Optional.of(value), anchors, progress);
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
        List<Anchor> more = new ArrayList<>(anchors);
        more.add(new Anchor(name, value));
        return new Verifier(directory, key, more, progress);
    }

    /** The same, which says how far it has come. */
    public Verifier withProgress(Progress value) {
        return new Verifier(directory, key, anchors, value);
    }

    /**
     * Verifies the ledger.
     *
     * @throws LedgerException if it cannot be read (IO), or the directory is no ledger's (NOT_A_LEDGER)
     */
    public Verification verify() {
        return new Run().verify();
    }

    private final class Run {
        private final List<Finding> findings = new ArrayList<>();
        private final List<String> notices = new ArrayList<>();
        private final Map<Long, byte[]> roots = new HashMap<>();
        private final MerkleRange tree = new MerkleRange();
        private final DerivedCheck derived = new DerivedCheck(directory);
        private Verification.Signature signature = Verification.Signature.NOT_CHECKED;
        private Optional<String> malformed = Optional.empty();
        private long bytesRead;

        Verification verify() {
            // The checkpoint before the entries: what it covers was on disk before it was written.
            Optional<Checkpoint> checkpoint = readCheckpoint();
            checkSignature(checkpoint);
            // What somebody else signed, or changed, says nothing about the entries.
            Optional<Checkpoint> trusted = signature == Verification.Signature.FAILS ? Optional.empty() : checkpoint;
            List<LedgerDirectory.Segment> segments = directory.existing();
            long total = totalBytes(segments);
            List<Checkpoint> wanted =
                    new ArrayList<>(anchors.stream().map(Anchor::checkpoint).toList());
            trusted.ifPresent(wanted::add);
            wanted.forEach(each -> roots.put(each.size(), new byte[0]));
            roots.replace(0L, tree.root());
            LedgerScan.Outcome outcome = LedgerScan.whole(segments, (checked, first) -> {
                        visit(checked);
                        progress.read(Math.min(bytesRead += checked.goodBytes(), total), total);
                    })
                    .run();
            LedgerDirectory.Segment last =
                    segments.isEmpty() ? directory.segment(1) : segments.get(segments.size() - 1);
            List<Finding> ofSignature = List.copyOf(findings);
            findings.clear();
            outcome.finding().ifPresent(findings::add);
            if (findings.isEmpty()) {
                trusted.ifPresent(signed -> compare(signed, outcome, last, "the checkpoint"));
                outcome.torn().ifPresent(torn -> torn(torn, outcome.height()));
            }
            trusted.ifPresent(signed -> nameFirstDifference(signed, segments));
            anchors.forEach(anchor -> anchor(anchor, outcome, last));
            findings.addAll(ofSignature);
            if (outcome.clockSteps() > 0) {
                notices.add("the host's clock was set back " + outcome.clockSteps() + " times while this was recorded");
            }
            trusted.filter(signed -> signed.size() < outcome.height())
                    .ifPresent(signed -> notices.add(
                            "entries " + (signed.size() + 1) + " to " + outcome.height() + " are not signed yet"));
            notices.addAll(derived.notices());
            return new Verification(outcome.height(), outcome.bytes(), checkpoint, signature, findings, notices);
        }

        private void visit(Chunk.Checked checked) {
            derived.lines(checked, tree);
            long to = tree.size() + checked.good();
            if (roots.keySet().stream().noneMatch(size -> size > tree.size() && size < to)) {
                checked.piece().addTo(tree);
                rememberRoot();
                return;
            }
            for (int i = 0; i < checked.good(); i++) {
                tree.add(checked.leaf(i));
                rememberRoot();
            }
        }

        private void rememberRoot() {
            if (roots.containsKey(tree.size())) {
                roots.put(tree.size(), tree.root());
            }
        }

        private Optional<Checkpoint> readCheckpoint() {
            try {
                return Checkpoint.read(directory.checkpoint());
            } catch (LedgerException e) {
                if (e.reason() != LedgerException.Reason.KEY) {
                    throw e;
                }
                malformed = Optional.of(String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        }

        private void compare(
                Checkpoint signed, LedgerScan.Outcome outcome, LedgerDirectory.Segment last, String whose) {
            if (signed.size() > outcome.height()) {
                long offset = outcome.torn().map(LedgerScan.Torn::offset).orElseGet(() -> size(last));
                String cut = outcome.torn().isPresent() ? "; the first of them is cut off" : "";
                findings.add(new Finding(
                        Verification.Verdict.MISSING_ENTRIES,
                        outcome.height() + 1,
                        last.file(),
                        offset,
                        whose + " knows " + signed.size() + " entries, so " + (signed.size() - outcome.height())
                                + " are missing at the end" + cut));
            } else if (!Arrays.equals(roots.get(signed.size()), signed.rootHash())) {
                findings.add(new Finding(
                        Verification.Verdict.DAMAGED,
                        0,
                        directory.path(),
                        0,
                        "entries 1 to " + signed.size() + " are not those of " + whose
                                + ": at least one was replaced, with all hashes after it made anew"));
            }
        }

        /** A cut-off last line: either it is being written this moment, or its writer died. */
        private void torn(LedgerScan.Torn torn, long height) {
            if (findings.isEmpty() && !new TornTail(torn).isBeingWritten()) {
                findings.add(new Finding(
                        Verification.Verdict.TORN_TAIL,
                        height + 1,
                        torn.segment().file(),
                        torn.offset(),
                        "the last line is cut off after " + torn.bytes().length
                                + " bytes; it was never acknowledged, and the agent drops it when it starts"));
            }
        }

        /** Puts the first entry that is not the one that was signed in front, if the leaf hashes can tell. */
        private void nameFirstDifference(Checkpoint signed, List<LedgerDirectory.Segment> segments) {
            boolean changed = findings.stream().anyMatch(f -> f.verdict() == Verification.Verdict.DAMAGED);
            if (changed) {
                new SignedLeaves(directory, signed)
                        .firstDifference(segments)
                        .filter(difference -> findings.get(0).height() == 0
                                || difference.height() < findings.get(0).height())
                        .ifPresent(difference -> findings.add(0, difference));
            }
        }

        private void anchor(Anchor anchor, LedgerScan.Outcome outcome, LedgerDirectory.Segment last) {
            if (key.isPresent() && anchor.checkpoint().signed(key.get()) != Checkpoint.Signed.BY_THE_KEY) {
                throw ProofText.malformed(
                        anchor.name() + " is not signed by " + key.get().name());
            }
            if (outcome.finding().isEmpty()) {
                compare(anchor.checkpoint(), outcome, last, anchor.name());
            }
        }

        private void checkSignature(Optional<Checkpoint> checkpoint) {
            if (checkpoint.isEmpty()) {
                signature = key.isPresent() ? Verification.Signature.FAILS : signature;
                signatureFinding(
                        Verification.Verdict.UNSIGNED,
                        malformed.orElse("there is no checkpoint, so nothing is signed"));
                return;
            }
            Checkpoint.Signed signed = key.map(checkpoint.get()::signed)
                    .orElse(
                            checkpoint.get().isSignedBySomebody()
                                    ? Checkpoint.Signed.BY_THE_KEY
                                    : Checkpoint.Signed.NOT_AT_ALL);
            if (key.isPresent()) {
                signature = signed == Checkpoint.Signed.BY_THE_KEY
                        ? Verification.Signature.HOLDS
                        : Verification.Signature.FAILS;
            }
            String name = key.map(VerifierKey::name).orElse("anybody");
            switch (signed) {
                case BY_THE_KEY -> {}
                case NOT_AT_ALL ->
                    signatureFinding(Verification.Verdict.UNSIGNED, "the checkpoint is not signed by " + name);
                case BY_ANOTHER_KEY ->
                    signatureFinding(
                            Verification.Verdict.WRONG_KEY,
                            "the checkpoint is signed by another key than that of " + name);
                case WRONGLY ->
                    signatureFinding(
                            Verification.Verdict.BAD_SIGNATURE, "the signature on the checkpoint does not hold");
            }
        }

        private void signatureFinding(Verification.Verdict verdict, String what) {
            findings.add(new Finding(verdict, 0, directory.checkpoint(), 0, what));
        }
    }

    private static long totalBytes(List<LedgerDirectory.Segment> segments) {
        return segments.stream().mapToLong(Verifier::size).sum();
    }

    private static long size(LedgerDirectory.Segment segment) {
        try {
            return Files.exists(segment.file()) ? Files.size(segment.file()) : 0;
        } catch (IOException e) {
            throw LedgerException.io("cannot read the segment", segment.file(), e);
        }
    }
}
