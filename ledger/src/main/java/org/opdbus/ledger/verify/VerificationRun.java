// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.VerifierKey;
import org.opdbus.ledger.merkle.MerkleRange;
import org.opdbus.ledger.merkle.ProofText;
import org.opdbus.ledger.read.Adoption;
import org.opdbus.ledger.read.Chunk;

/** One verification of a ledger: what it has read, its findings, and its notices. For one thread, and one use. */
final class VerificationRun {
    /** An agent that ends suddenly a hundred times has shown enough. */
    private static final int ADOPTIONS_MAX = 100;

    private final LedgerDirectory directory;
    private final Wanted wanted;
    private final Optional<VerifierKey> key;
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();
    private final Map<Long, byte[]> roots = new HashMap<>();
    private final MerkleRange tree = new MerkleRange();
    private final DerivedCheck derived;
    private Verification.Signature signature = Verification.Signature.NOT_CHECKED;
    private Optional<String> malformed = Optional.empty();
    private UnsignedTail tail;
    private final List<Adoption> adoptions = new ArrayList<>();
    private long adopted;
    private long bytesRead;

    VerificationRun(LedgerDirectory directory, Wanted wanted) {
        this.directory = directory;
        this.wanted = wanted;
        key = wanted.key();
        derived = new DerivedCheck(directory);
        tail = new UnsignedTail(directory, 0);
    }

    Verification verify() {
        // The checkpoint is read before the entries: what it covers was on disk before it was
        // written.
        Optional<Checkpoint> checkpoint = readCheckpoint();
        checkSignature(checkpoint);
        // A checkpoint that another key signed, or that was changed, says nothing about the
        // entries.
        Optional<Checkpoint> trusted = signature == Verification.Signature.FAILS ? Optional.empty() : checkpoint;
        List<LedgerDirectory.Segment> segments = directory.existing();
        long total = totalBytes(segments);
        tail = new UnsignedTail(directory, trusted.map(Checkpoint::size).orElse(0L));
        List<Checkpoint> known = new ArrayList<>(
                wanted.anchors().stream().map(Wanted.Anchor::checkpoint).toList());
        trusted.ifPresent(known::add);
        known.forEach(each -> roots.put(each.size(), new byte[0]));
        roots.replace(0L, tree.root());
        LedgerScan.Outcome outcome = LedgerScan.whole(segments, (checked, first) -> {
                    visit(checked);
                    wanted.progress().read(Math.min(bytesRead += checked.goodBytes(), total), total);
                })
                .run();
        LedgerDirectory.Segment last = segments.isEmpty() ? directory.segment(1) : segments.get(segments.size() - 1);
        List<Finding> ofSignature = List.copyOf(findings);
        findings.clear();
        Optional<Checkpoint> latest = checkpoint;
        outcome.finding().ifPresent(findings::add);
        if (findings.isEmpty()) {
            trusted.ifPresent(signed -> compare(signed, outcome, last, "the checkpoint"));
            latest = trusted.map(signed -> signedMeanwhile(signed, outcome.height()))
                    .or(() -> checkpoint);
            outcome.torn().ifPresent(torn -> torn(torn, outcome.height()));
        }
        trusted.ifPresent(signed -> nameFirstDifference(signed, segments));
        wanted.anchors().forEach(anchor -> anchor(anchor, outcome, last));
        findings.addAll(ofSignature);
        if (outcome.clockSteps() > 0) {
            notices.add("the host's clock was set back " + outcome.clockSteps() + " times while this was recorded");
        }
        noticeAdoptions();
        notices.addAll(derived.notices());
        return new Verification(outcome.height(), outcome.bytes(), latest, signature, findings, adoptions, notices);
    }

    private void visit(Chunk.Checked checked) {
        derived.lines(checked, tree);
        tail.lines(checked, tree);
        adopted += checked.adoptions().size();
        checked.adoptions().stream().limit(ADOPTIONS_MAX - adoptions.size()).forEach(adoptions::add);
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

    private void compare(Checkpoint signed, LedgerScan.Outcome outcome, LedgerDirectory.Segment last, String whose) {
        if (signed.size() > outcome.height()) {
            long offset = outcome.torn().map(LedgerScan.Torn::offset).orElseGet(() -> size(last));
            String cut = outcome.torn().isPresent() ? "; the first of them is cut off" : "";
            findings.add(new Finding(
                    Verification.Verdict.MISSING_ENTRIES,
                    outcome.height() + 1,
                    last.file(),
                    offset,
                    whose + " covers " + signed.size() + " entries, so " + (signed.size() - outcome.height())
                            + " are missing at the end" + cut));
        } else if (!Arrays.equals(roots.get(signed.size()), signed.rootHash())) {
            findings.add(new Finding(
                    Verification.Verdict.DAMAGED,
                    0,
                    directory.path(),
                    0,
                    "entries 1 to " + signed.size() + " do not match " + whose
                            + ": at least one was replaced, and all hashes after it recomputed"));
        }
    }

    /**
     * There are entries after those of the checkpoint: a running agent signs them within moments; if none does, they
     * become a finding. Returns the checkpoint that covers most of them.
     */
    private Checkpoint signedMeanwhile(Checkpoint signed, long height) {
        if (!findings.isEmpty() || signed.size() >= height) {
            return signed;
        }
        Optional<Checkpoint> later = wanted.unsignedAllowed()
                ? Optional.empty()
                : new LaterCheckpoint(directory, wanted.agent())
                        .covering(height)
                        .filter(found -> found.size() > signed.size() && isOfTheSame(signed, found));
        UnsignedTail rest =
                new UnsignedTail(directory, later.map(Checkpoint::size).orElse(0L));
        if (later.isPresent() && !tail.leadsTo(later.get(), rest)) {
            findings.add(tail.otherThanSigned(later.get()));
            return signed;
        }
        tail = later.isPresent() ? rest : tail;
        Checkpoint latest = later.orElse(signed);
        if (latest.size() < height && wanted.unsignedAllowed()) {
            notices.add(tail.notice(height));
        } else if (latest.size() < height) {
            findings.add(tail.finding(height));
        }
        return latest;
    }

    /** Returns whether a later checkpoint is of the same host as the first one. */
    private boolean isOfTheSame(Checkpoint signed, Checkpoint later) {
        return later.origin().equals(signed.origin())
                && key.map(known -> later.signed(known) == Checkpoint.Signed.BY_THE_KEY)
                        .orElse(later.isSignedBySomebody());
    }

    private void noticeAdoptions() {
        adoptions.forEach(adoption -> notices.add(adoption.toString()));
        if (adopted > adoptions.size()) {
            notices.add((adopted - adoptions.size()) + " more entries record entries that were " + "not signed");
        }
    }

    /** A cut-off last line: it is being written at this moment, or its writer has ended. */
    private void torn(LedgerScan.Torn torn, long height) {
        if (!isDamaged() && !new TornTail(torn).isBeingWritten()) {
            findings.add(new Finding(
                    Verification.Verdict.TORN_TAIL,
                    height + 1,
                    torn.segment().file(),
                    torn.offset(),
                    "the last line is cut off after " + torn.bytes().length
                            + " bytes; it was never acknowledged, and the agent drops it when it starts"));
        }
    }

    private boolean isDamaged() {
        return findings.stream().anyMatch(found -> found.verdict() != Verification.Verdict.UNSIGNED_TAIL);
    }

    /** Puts the first entry that differs from the signed one in front, if the leaf hashes can show it. */
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

    private void anchor(Wanted.Anchor anchor, LedgerScan.Outcome outcome, LedgerDirectory.Segment last) {
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
                    Verification.Verdict.UNSIGNED, malformed.orElse("there is no checkpoint, so nothing is signed"));
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
                        Verification.Verdict.WRONG_KEY, "the checkpoint is signed by another key than that of " + name);
            case WRONGLY ->
                signatureFinding(
                        Verification.Verdict.BAD_SIGNATURE, "the signature on the checkpoint is not " + "valid");
        }
    }

    private void signatureFinding(Verification.Verdict verdict, String what) {
        findings.add(new Finding(verdict, 0, directory.checkpoint(), 0, what));
    }

    private static long totalBytes(List<LedgerDirectory.Segment> segments) {
        return segments.stream().mapToLong(VerificationRun::size).sum();
    }

    private static long size(LedgerDirectory.Segment segment) {
        try {
            return Files.exists(segment.file()) ? Files.size(segment.file()) : 0;
        } catch (IOException e) {
            throw LedgerException.io("cannot read the segment", segment.file(), e);
        }
    }
}
