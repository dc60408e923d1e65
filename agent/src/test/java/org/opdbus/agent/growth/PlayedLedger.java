// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.growth;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.EntryFormat;
import org.opdbus.ledger.HostKey;
import org.opdbus.ledger.LineWriter;
import org.opdbus.ledger.merkle.ConsistencyProof;
import org.opdbus.ledger.merkle.MerklePaths;
import org.opdbus.ledger.merkle.MerkleRange;
import org.opdbus.ledger.text.Sha256;

/**
 * A host's ledger in memory: chained and signed as the one on disk is, but without the disk. For one thread at a time.
 */
final class PlayedLedger {
    private final HostKey key;
    private final LineWriter writer;
    private final Sha256 sha = new Sha256();
    private final List<String> lines = new ArrayList<>();
    private final List<byte[]> leaves = new ArrayList<>();
    private final MerkleRange tree = new MerkleRange();
    private byte[] last = new byte[Sha256.BYTES];
    private Checkpoint checkpoint;

    /** Begins a ledger; the key signs every entry. */
    PlayedLedger(String host, HostKey key) {
        this.key = key;
        writer = new LineWriter(host);
        checkpoint = Checkpoint.sign(key, 0, tree.root());
    }

    /** Records something now. */
    void append(String kind, String subject, Map<String, Object> data) {
        writer.cut(0);
        last = writer.write(
                        EntryFormat.prepare(new Draft(kind, subject, data)),
                        height() + 1,
                        Instant.now().truncatedTo(ChronoUnit.MICROS),
                        last)
                .hash();
        int length = writer.length() - 1;
        byte[] leaf = new byte[Sha256.BYTES];
        sha.leaf(writer.bytes(), 0, length, leaf, 0);
        lines.add(new String(writer.bytes(), 0, length, StandardCharsets.UTF_8));
        leaves.add(leaf);
        tree.add(leaf);
        checkpoint = Checkpoint.sign(key, height(), tree.root());
    }

    long height() {
        return lines.size();
    }

    Checkpoint checkpoint() {
        return checkpoint;
    }

    /** Returns the text of the key that verifies it. */
    String key() {
        return key.verifier().toString();
    }

    /** Returns lines from a height on, at most so many. */
    List<String> lines(long from, long to, int max) {
        long end = Math.min(Math.min(to, height()), from + max - 1);
        return from < 1 || from > end ? List.of() : List.copyOf(lines.subList((int) from - 1, (int) end));
    }

    /** Returns the proof that one of its checkpoints continues another. */
    String proof(String older, String newer) {
        Checkpoint first = Checkpoint.parse(older);
        Checkpoint second = Checkpoint.parse(newer);
        List<byte[]> hashes = MerklePaths.consistency(first.size(), second.size()).stream()
                .map(range -> {
                    MerkleRange part = new MerkleRange();
                    leaves.subList((int) range.from(), (int) range.to()).forEach(part::add);
                    return part.root();
                })
                .toList();
        return new ConsistencyProof(first, second, hashes).text();
    }
}
