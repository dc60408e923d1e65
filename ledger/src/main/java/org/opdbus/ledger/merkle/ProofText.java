// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.merkle;

import java.util.Optional;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.VerifierKey;
import org.opdbus.ledger.text.Sha256;

/** The common parts of the texts of both kinds of proof. */
public final class ProofText {
    private ProofText() {}

    public static LedgerException malformed(String why) {
        return new LedgerException(LedgerException.Reason.BAD_PROOF, why);
    }

    static byte[] hash(String base64) {
        Optional<byte[]> hash = Checkpoint.strictBase64(base64).filter(bytes -> bytes.length == Sha256.BYTES);
        return hash.orElseThrow(() -> malformed("a line of the proof is not a hash"));
    }

    static Checkpoint checkpoint(String note) {
        try {
            return Checkpoint.parse(note);
        } catch (LedgerException e) {
            throw malformed("in the proof, " + e.getMessage());
        }
    }

    static void checkSigned(Checkpoint checkpoint, VerifierKey key) {
        if (!checkpoint.isSignedBy(key)) {
            throw malformed("the checkpoint of " + checkpoint.size() + " entries in the proof is not signed by "
                    + key.name() + ", or the signature is not valid");
        }
    }
}
