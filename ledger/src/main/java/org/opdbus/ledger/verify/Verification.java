// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.verify;

import java.util.List;
import java.util.Optional;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.read.Adoption;

/**
 * What verifying a ledger came to.
 *
 * @param entries how many entries, from the first on, verify
 * @param bytes how many bytes those are
 * @param checkpoint the latest checkpoint that the entries were held against
 * @param signature what is known of who signed it
 * @param findings what does not verify, the first bad entry first; empty if the ledger is intact
 * @param adoptions which of the entries the host had not signed when an agent started on them; the first hundred
 * @param notices what is worth knowing and no fault of the ledger's
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
        /** Every byte is what was written and, as far as the checkpoint reaches, what was signed. */
        INTACT,
        /** The last line is cut off, and the checkpoint does not reach that far: a crash; the agent repairs it. */
        TORN_TAIL,
        /** Something was changed. */
        DAMAGED,
        /** The checkpoint knows more entries than the files hold. */
        MISSING_ENTRIES,
        /** Entries follow those that the checkpoint covers: a sudden end of the agent, or somebody else's work. */
        UNSIGNED_TAIL,
        /** There is no checkpoint, or none that anybody signed. */
        UNSIGNED,
        /** The key's signature does not hold. */
        BAD_SIGNATURE,
        /** Somebody else's key signed. */
        WRONG_KEY
    }

    /** Whether "signed by" was checked at all. */
    public enum Signature {
        /** A key was given, and it signed the checkpoint. */
        HOLDS,
        /** A key was given, and it did not sign the checkpoint. */
        FAILS,
        /** No key was given: the entries agree with the checkpoint, whoever made it. */
        NOT_CHECKED
    }

    public Verification {
        findings = List.copyOf(findings);
        adoptions = List.copyOf(adoptions);
        notices = List.copyOf(notices);
    }

    /** The kind of the first finding. */
    public Verdict verdict() {
        return findings.isEmpty() ? Verdict.INTACT : findings.get(0).verdict();
    }

    /** How many of the entries no checkpoint covers. */
    public long unsigned() {
        return Math.max(0, entries - checkpoint.map(Checkpoint::size).orElse(0L));
    }

    /** Whether everything that was checked holds. */
    public boolean intact() {
        return findings.isEmpty();
    }
}
