// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.merkle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.LedgerFile;
import org.opdbus.ledger.text.Sha256;

/**
 * A segment's derived file: the hash before its first entry, the tree before it (the start index, with which opening
 * skips earlier entries), then the leaf hash of each of its entries. It can be rebuilt from the segments at any time,
 * is not synced, and is trusted only as far as it leads to a root that was signed.
 */
public final class LeavesFile {
    private static final byte[] MAGIC = "opdbLV1\n".getBytes(StandardCharsets.US_ASCII);

    private LeavesFile() {}

    /** The chain and the tree before a segment. */
    // A carrier that is never compared; a list of bytes would cost a copy.
    @SuppressWarnings("ArrayRecordComponent")
    public record Start(long height, byte[] hash, MerkleRange tree) {}

    public static byte[] header(Start start) {
        ByteBuffer header = ByteBuffer.allocate(headerBytes(start.height()));
        header.put(MAGIC).put(start.hash());
        start.tree().subtrees().forEach(header::put);
        return header.array();
    }

    public static int headerBytes(long heightBefore) {
        return MAGIC.length + Sha256.BYTES * (1 + Long.bitCount(heightBefore));
    }

    /** Returns what the file says comes before the segment that begins with this height; empty if it does not say. */
    public static Optional<Start> start(LedgerDirectory directory, long first) {
        long height = first - 1;
        byte[] header = read(directory.leaves(first), 0, headerBytes(height));
        if (header.length != headerBytes(height) || !Arrays.equals(header, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            return Optional.empty();
        }
        List<byte[]> hashes = new ArrayList<>();
        for (int at = MAGIC.length; at < header.length; at += Sha256.BYTES) {
            hashes.add(Arrays.copyOfRange(header, at, at + Sha256.BYTES));
        }
        byte[] hash = hashes.remove(0);
        return Optional.of(new Start(height, hash, new MerkleRange(height, hashes)));
    }

    /** Returns the leaf hashes of some entries, as many as the file has. */
    public static byte[] leaves(LedgerDirectory directory, long first, long height, int count) {
        long at = headerBytes(first - 1) + (height - first) * Sha256.BYTES;
        return read(directory.leaves(first), at, count * Sha256.BYTES);
    }

    /** Returns as many of the wanted bytes as there are; unreadable bytes count as absent. */
    private static byte[] read(Path file, long at, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        try (FileChannel channel = LedgerFile.openToRead(file)) {
            while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
                // A read may return less than was requested.
            }
        } catch (IOException e) {
            return new byte[0];
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }
}
