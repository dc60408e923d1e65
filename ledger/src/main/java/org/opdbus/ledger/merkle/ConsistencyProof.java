// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.merkle;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.VerifierKey;

/**
 * The proof that a ledger only grew between two checkpoints: the entries of the older one are the beginning of those
 * of the newer one. Checking it needs only the host's public key.
 *
 * <p>Its text: a header, the hashes of RFC 6962 section 2.1.2 in base64, a blank line, the older checkpoint, a line
 * of three dashes, and the newer checkpoint.
 */
public final class ConsistencyProof {
    private static final String HEADER = "op-dbus ledger consistency v1";
    private static final String BETWEEN = "---\n";

    private final Checkpoint older;
    private final Checkpoint newer;
    private final List<byte[]> hashes;

    public ConsistencyProof(Checkpoint older, Checkpoint newer, List<byte[]> hashes) {
        this.older = older;
        this.newer = newer;
        this.hashes = List.copyOf(hashes);
    }

    /** Parses a proof; {@link #check} says whether it is valid. */
    public static ConsistencyProof parse(String text) {
        int blank = text.indexOf("\n\n");
        int between = text.indexOf("\n" + BETWEEN);
        if (blank < 0 || between < blank) {
            throw ProofText.malformed("this is not a proof of consistency");
        }
        String[] lines = text.substring(0, blank).split("\n", -1);
        if (!lines[0].equals(HEADER)) {
            throw ProofText.malformed("this is not a proof of consistency");
        }
        List<byte[]> hashes = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            hashes.add(ProofText.hash(lines[i]));
        }
        return new ConsistencyProof(
                ProofText.checkpoint(text.substring(blank + 2, between + 1)),
                ProofText.checkpoint(text.substring(between + 1 + BETWEEN.length())),
                hashes);
    }

    /** Returns the older checkpoint. */
    public Checkpoint older() {
        return older;
    }

    /** Returns the newer checkpoint. */
    public Checkpoint newer() {
        return newer;
    }

    /** Returns the text of the proof. */
    public String text() {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        hashes.forEach(
                hash -> text.append(Base64.getEncoder().encodeToString(hash)).append('\n'));
        return text.append('\n')
                .append(older.note())
                .append(BETWEEN)
                .append(newer.note())
                .toString();
    }

    /**
     * Checks that the owner of this key signed both checkpoints and that one continues the other.
     *
     * @throws LedgerException (BAD_PROOF) if that is not proved
     */
    public void check(VerifierKey key) {
        ProofText.checkSigned(older, key);
        ProofText.checkSigned(newer, key);
        if (!MerklePaths.isConsistent(older.size(), older.rootHash(), newer.size(), newer.rootHash(), hashes)) {
            throw ProofText.malformed("the proof does not lead from the checkpoint of " + older.size()
                    + " entries to the one of " + newer.size());
        }
    }
}
