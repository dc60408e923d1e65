// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.read;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.opdbus.ledger.EntryFormat;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.merkle.MerklePiece;
import org.opdbus.ledger.text.Hex;
import org.opdbus.ledger.text.LineScanner;
import org.opdbus.ledger.text.Sha256;

/**
 * Some lines of a segment, as read.
 *
 * @param offset their position in the file
 * @param length how many of the bytes are whole lines
 */
// A carrier that is never compared; a list of bytes would cost a copy.
@SuppressWarnings("ArrayRecordComponent")
public record Chunk(LedgerDirectory.Segment segment, long offset, byte[] bytes, int length) {
    /** The kind of an entry that records an adoption, as written in a line. */
    private static final byte[] ADOPTED = ('"' + Adoption.KIND + '"').getBytes(StandardCharsets.US_ASCII);

    /**
     * The result of checking the lines, each alone and against the line before.
     *
     * @param good how many lines, from the first on, are entries and follow each other
     * @param firstHeight the height of the first good line
     * @param firstPrev the prev of the first good line
     * @param lastHash the hash of the last good line
     * @param leaves the leaf hashes of the good lines, one after the other
     * @param piece what they add to the tree
     * @param goodBytes where the good lines end in the chunk
     * @param clockSteps how many good lines are older than the line before
     * @param adoptions the adoptions that the good lines record
     * @param problem the error in the line after the good ones, or null
     */
    // A carrier that is never compared; a list of bytes would cost a copy.
    @SuppressWarnings("ArrayRecordComponent")
    public record Checked(
            Chunk chunk,
            int good,
            long firstHeight,
            byte[] firstPrev,
            byte[] lastHash,
            byte[] leaves,
            MerklePiece piece,
            int goodBytes,
            int clockSteps,
            List<Adoption> adoptions,
            @Nullable String problem) {
        public byte[] leaf(int index) {
            return Sha256.at(leaves, index);
        }
    }

    /** Checks the lines; needs nothing else, so several chunks can be checked at once. */
    public Checked check() {
        return new Checker().run();
    }

    private final class Checker {
        private final LineScanner scanner = new LineScanner();
        private final Sha256 sha = new Sha256();
        private final byte[] own = new byte[Sha256.BYTES];
        private final byte[] hash = new byte[Sha256.BYTES];
        private final List<Adoption> adoptions = new ArrayList<>();
        private byte[] leaves = new byte[Sha256.BYTES * 1024];
        private byte[] firstPrev = new byte[0];
        private long firstHeight;
        private int good;
        private int at;
        private int hashBefore;
        private int timeBefore = -1;
        private int clockSteps;

        Checked run() {
            String problem = null;
            while (at < length && problem == null) {
                problem = line();
            }
            MerklePiece piece = MerklePiece.of(firstHeight - 1, leaves, good, sha);
            return new Checked(
                    Chunk.this,
                    good,
                    firstHeight,
                    firstPrev,
                    hash,
                    leaves,
                    piece,
                    at,
                    clockSteps,
                    List.copyOf(adoptions),
                    problem);
        }

        private @Nullable String line() {
            String problem = scanner.scanFirst(bytes, at, length - at);
            if (problem != null) {
                return problem;
            }
            int lineLength = scanner.lineLength();
            if (lineLength > LineScanner.LINE_BYTES_MAX || at + lineLength == length) {
                return "a line is longer than " + LineScanner.LINE_BYTES_MAX + " bytes";
            }
            if (good == 0) {
                firstHeight = scanner.height;
                firstPrev = Hex.read(bytes, scanner.prevFrom);
            } else if (scanner.height != firstHeight + good) {
                return "expected height " + (firstHeight + good) + ", found " + scanner.height;
            } else if (!isSameHash(scanner.prevFrom, hashBefore)) {
                return "its prev is not the hash of the entry before";
            }
            scanner.computeHash(sha, own, 0);
            if (!Hex.matches(own, 0, bytes, scanner.hashFrom)) {
                return "its hash does not match its content";
            }
            System.arraycopy(own, 0, hash, 0, own.length);
            hashBefore = scanner.hashFrom;
            accept(lineLength);
            return null;
        }

        private boolean isSameHash(int from, int other) {
            int length = 2 * Sha256.BYTES;
            return Arrays.equals(bytes, from, from + length, bytes, other, other + length);
        }

        private void accept(int lineLength) {
            if ((good + 1) * Sha256.BYTES > leaves.length) {
                leaves = Arrays.copyOf(leaves, leaves.length * 2);
            }
            sha.leaf(bytes, at, lineLength, leaves, good * Sha256.BYTES);
            int time = scanner.timeFrom;
            int timeTo = time + LineScanner.TIME_LENGTH;
            if (timeBefore >= 0
                    && Arrays.compare(bytes, time, timeTo, bytes, timeBefore, timeBefore + LineScanner.TIME_LENGTH)
                            < 0) {
                clockSteps++;
            }
            timeBefore = time;
            if (Arrays.equals(bytes, scanner.kindFrom, scanner.kindTo, ADOPTED, 0, ADOPTED.length)) {
                Adoption.of(EntryFormat.read(scanner, bytes)).ifPresent(adoptions::add);
            }
            good++;
            at += lineLength + 1;
        }
    }
}
