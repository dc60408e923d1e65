// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.verify;

import java.util.List;
import java.util.Optional;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.read.Adoption;

/**
 * The result of verifying a ledger.
 *
 * @param entries how many entries, from the first on, verify
 * @param bytes how many bytes those are
 * @param checkpoint the latest checkpoint that the entries were compared with
 * @param signature what is known about its signer
 * @param findings what does not verify, the first bad entry first; empty if the ledger is intact
 * @param adoptions the entries that the host had not signed when an agent started on them; the first hundred
 * @param notices information that is not an error of the ledger
 */
public record Verification(
        long entries,
        long bytes,
        Optional<Checkpoint> checkpoint,
        Signature signature,
        List<Finding> findings,
        List<Adoption> adoptions,
        List<String> notices) {
    /** The kinds of outcome. */
    public enum Verdict {
        /** Every byte is what was written and, for the entries of the checkpoint, what was signed. */
        INTACT,
        /** The last line is cut off, and the checkpoint does not reach that far: a crash; the agent repairs it. */
        TORN_TAIL,
        /** Something was changed. */
        DAMAGED,
        /** The checkpoint covers more entries than the files hold. */
        MISSING_ENTRIES,
        /**
         * There are entries after those that the checkpoint covers: the agent ended suddenly, or another program
         * wrote them.
         */
        UNSIGNED_TAIL,
        /** There is no checkpoint, or one without a signature. */
        UNSIGNED,
        /** The key's signature is not valid. */
        BAD_SIGNATURE,
        /** Another key signed. */
        WRONG_KEY
    }

    /** Whether the signer was checked at all. */
    public enum Signature {
        /** A key was given, and it signed the checkpoint. */
        HOLDS,
        /** A key was given, and it did not sign the checkpoint. */
        FAILS,
        /** No key was given: the entries agree with the checkpoint, whose signer was not checked. */
        NOT_CHECKED
    }

    public Verification {
        findings = List.copyOf(findings);
        adoptions = List.copyOf(adoptions);
        notices = List.copyOf(notices);
    }

    /** Returns the kind of the first finding. */
    public Verdict verdict() {
        return findings.isEmpty() ? Verdict.INTACT : findings.get(0).verdict();
    }

    /** Returns how many of the entries no checkpoint covers. */
    public long unsigned() {
        return Math.max(0, entries - checkpoint.map(Checkpoint::size).orElse(0L));
    }

    /** Returns whether everything that was checked is valid. */
    public boolean intact() {
        return findings.isEmpty();
    }
}
