// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.verify.Verification;
import org.opdbus.ledger.verify.Verifier;

/**
 * Checks whether the ledger can be written: whether it verifies, which process writes it, and whether there is space.
 */
final class LedgerCheck implements Check {
    private static final String NAME = "ledger";
    private static final long ROOM_MIN_MIB = 64;
    private static final long READ_BYTES_MAX = 64 << 20;

    @Override
    public List<CheckResult> examine(HostSnapshot patient) {
        Path dir = patient.config().ledger().dir();
        List<CheckResult> findings = new ArrayList<>();
        patient.agent()
                .ledgerError()
                .ifPresent(error -> findings.add(CheckResult.problem(
                        NAME,
                        "the ledger accepts no entries: " + error,
                        "the agent still enrols containers; it does not record what happens, but "
                                + "will record the gap",
                        "free space or repair the disk below " + dir + "; the agent tries again by itself")));
        if (Files.isDirectory(dir)) {
            try {
                holder(patient, dir).ifPresent(findings::add);
                room(dir).ifPresent(findings::add);
                if (!patient.agent().listens()) {
                    damage(dir).ifPresent(findings::add);
                }
            } catch (IOException e) {
                findings.add(unseen(dir, e.toString()));
            }
        } else {
            findings.add(noDirectory(patient, dir));
        }
        if (findings.isEmpty()) {
            findings.add(CheckResult.ok(NAME, dir + " has space; op-dbus ledger verify reads every byte of it"));
        }
        return findings;
    }

    private static CheckResult noDirectory(HostSnapshot patient, Path dir) {
        if (Files.exists(dir)) {
            return CheckResult.problem(
                    NAME,
                    dir + " is not a directory",
                    "the agent cannot write a ledger there, and does not start",
                    "move it away, or name another directory as ledger.dir");
        }
        if (!Files.notExists(dir)) {
            return unseen(dir, "permission denied");
        }
        return patient.agent().listens()
                ? CheckResult.problem(
                        NAME,
                        dir + " is gone, and an agent runs that writes its ledger there",
                        "what it records is lost when it ends",
                        "find out what removed it; systemctl restart op-dbus begins a new ledger, or put a backup in "
                                + "its place before")
                : CheckResult.ok(NAME, dir + " does not exist yet; the agent makes it when it first starts");
    }

    private static CheckResult unseen(Path dir, String why) {
        return CheckResult.problem(
                NAME, "cannot look at " + dir + ": " + why, "the agent cannot either", "run doctor as root");
    }

    private static Optional<CheckResult> room(Path dir) throws IOException {
        long mib = Files.getFileStore(dir).getUsableSpace() >> 20;
        return mib >= ROOM_MIN_MIB
                ? Optional.empty()
                : Optional.of(CheckResult.problem(
                        NAME,
                        "there are " + mib + " MiB left below " + dir,
                        "when the disk is full the agent records nothing more",
                        "free space; you may move old segments away once they are backed up"));
    }

    /**
     * An agent verifies the ledger when it opens it. Where no agent runs, doctor reads a ledger that is small enough
     * to be read in a moment.
     */
    private static Optional<CheckResult> damage(Path dir) throws IOException {
        long bytes = 0;
        try (DirectoryStream<Path> segments = Files.newDirectoryStream(dir, "*.jsonl")) {
            for (Path segment : segments) {
                bytes += Files.size(segment);
            }
        }
        if (bytes == 0 || bytes > READ_BYTES_MAX) {
            return Optional.empty();
        }
        try {
            Verification verification = Verifier.of(dir).withUnsignedAllowed().verify();
            return verification.findings().stream()
                    .findFirst()
                    .map(found -> found.verdict() == Verification.Verdict.TORN_TAIL
                            ? cutOff(found.toString())
                            : damaged(dir, found.toString()))
                    .or(() -> unsigned(dir, verification));
        } catch (LedgerException e) {
            return Optional.of(damaged(dir, String.valueOf(e.getMessage())));
        }
    }

    private static CheckResult cutOff(String what) {
        return CheckResult.warning(
                NAME,
                what,
                "an agent that ended suddenly leaves such a line",
                "nothing: the next start of the agent drops it and records that");
    }

    private static Optional<CheckResult> unsigned(Path dir, Verification verification) {
        return verification.unsigned() == 0
                ? Optional.empty()
                : Optional.of(CheckResult.warning(
                        NAME,
                        "the last " + verification.unsigned() + " entries in " + dir + " are not signed",
                        "an agent that ended suddenly leaves such entries, and so can any user "
                                + "who may write there; the next start adopts them and records which they "
                                + "are",
                        "look at them: op-dbus ledger tail -n " + verification.unsigned()));
    }

    private static CheckResult damaged(Path dir, String what) {
        return CheckResult.problem(
                NAME,
                what,
                "the agent does not start on a ledger that does not verify",
                "op-dbus ledger verify shows all of it; put a backup in the place of " + dir
                        + ", or move it away as evidence: the next start begins a new one");
    }

    /** A process has the lock although no agent listens. */
    private static Optional<CheckResult> holder(HostSnapshot patient, Path dir) throws IOException {
        if (patient.agent().listens()) {
            return Optional.empty();
        }
        return LockHolder.of(patient, dir)
                .map(pid -> CheckResult.problem(
                        NAME,
                        "process " + pid + " writes the ledger " + dir + ", and no agent listens on "
                                + patient.config().runtime().controlSocket(),
                        "only one process can write the ledger, so no agent with this " + "configuration can start",
                        "see what it is (ps " + pid + "): an agent with another runtime.dir, or one that" + " hangs"));
    }
}
