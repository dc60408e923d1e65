// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.merkle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.EntryFormat;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.VerifierKey;
import org.opdbus.ledger.text.Sha256;

/**
 * The proof that one entry is in the ledger which a host has signed. Checking it needs only the host's public key.
 * Its text is a c2sp.org/tlog-proof whose extra data is the entry's line.
 */
public final class InclusionProof {
    private static final String HEADER = "c2sp.org/tlog-proof@v1";
    private static final String EXTRA = "extra ";
    private static final String INDEX = "index ";

    private final Entry entry;
    private final List<byte[]> path;
    private final Checkpoint checkpoint;

    public InclusionProof(Entry entry, List<byte[]> path, Checkpoint checkpoint) {
        this.entry = entry;
        this.path = List.copyOf(path);
        this.checkpoint = checkpoint;
    }

    /** Parses a proof; {@link #check} says whether it is valid. */
    public static InclusionProof parse(String text) {
        int blank = text.indexOf("\n\n");
        String[] lines = blank < 0 ? new String[0] : text.substring(0, blank).split("\n", -1);
        if (lines.length < 3
                || !lines[0].equals(HEADER)
                || !lines[1].startsWith(EXTRA)
                || !lines[2].startsWith(INDEX)) {
            throw ProofText.malformed("this is not a proof of an entry");
        }
        Entry entry = entry(lines[1].substring(EXTRA.length()));
        if (!lines[2].substring(INDEX.length()).equals(Long.toString(entry.height() - 1))) {
            throw ProofText.malformed("the index of the proof does not match its entry");
        }
        List<byte[]> path = new ArrayList<>();
        for (int i = 3; i < lines.length; i++) {
            path.add(ProofText.hash(lines[i]));
        }
        return new InclusionProof(entry, path, ProofText.checkpoint(text.substring(blank + 2)));
    }

    private static Entry entry(String base64) {
        Optional<byte[]> line = Checkpoint.strictBase64(base64);
        if (line.isEmpty()) {
            throw ProofText.malformed("the entry of the proof is not base64");
        }
        try {
            return EntryFormat.parse(line.get());
        } catch (LedgerException e) {
            throw ProofText.malformed("the entry of the proof is not valid: " + e.getMessage());
        }
    }

    /** Returns the proved entry. */
    public Entry entry() {
        return entry;
    }

    /** Returns the checkpoint of the proof. */
    public Checkpoint checkpoint() {
        return checkpoint;
    }

    /** Returns the text of the proof. */
    public String text() {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        text.append(EXTRA)
                .append(Base64.getEncoder().encodeToString(entry.line().getBytes(StandardCharsets.UTF_8)))
                .append('\n');
        text.append(INDEX).append(entry.height() - 1).append('\n');
        path.forEach(
                hash -> text.append(Base64.getEncoder().encodeToString(hash)).append('\n'));
        return text.append('\n').append(checkpoint.note()).toString();
    }

    /**
     * Checks that the entry is in the ledger that the owner of this key signed.
     *
     * @throws LedgerException (BAD_PROOF) if it is not proved
     */
    public void check(VerifierKey key) {
        ProofText.checkSigned(checkpoint, key);
        byte[] line = entry.line().getBytes(StandardCharsets.UTF_8);
        byte[] leaf = new byte[Sha256.BYTES];
        new Sha256().leaf(line, 0, line.length, leaf, 0);
        boolean within = entry.height() <= checkpoint.size();
        if (!within
                || MerklePaths.root(leaf, entry.height() - 1, checkpoint.size(), path)
                        .filter(root -> Arrays.equals(root, checkpoint.rootHash()))
                        .isEmpty()) {
            throw ProofText.malformed("the proof does not lead from entry " + entry.height() + " to the signed root");
        }
    }
}
