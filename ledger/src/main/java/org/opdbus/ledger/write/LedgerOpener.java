// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.write;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.HostKey;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.LedgerFile;
import org.opdbus.ledger.merkle.LeavesFile;
import org.opdbus.ledger.merkle.MerkleRange;
import org.opdbus.ledger.read.Adoption;
import org.opdbus.ledger.read.Chunk;
import org.opdbus.ledger.text.Sha256;
import org.opdbus.ledger.verify.LedgerScan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares a ledger's files for writing: checks the end against the signed checkpoint, drops a torn last line, and
 * rebuilds derived files that do not match. The caller must hold the lock.
 */
final class LedgerOpener {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerOpener.class);

    private final LedgerDirectory directory;
    private final HostKey key;

    private MerkleRange tree = new MerkleRange();
    private boolean rootSeen;
    private long segmentFirst;
    private final ByteArrayOutputStream leaves = new ByteArrayOutputStream();

    LedgerOpener(LedgerDirectory directory, HostKey key) {
        this.directory = directory;
        this.key = key;
    }

    /** A ledger that is ready to be written. */
    // A carrier that is never compared; a list of bytes would cost a copy.
    @SuppressWarnings("ArrayRecordComponent")
    record Opened(SegmentWriter writer, LeavesWriter leaves, byte[] hash, Checkpoint checkpoint, Opening report) {}

    Opened open() throws IOException {
        List<LedgerDirectory.Segment> segments = directory.segments();
        Optional<Checkpoint> found = Checkpoint.read(directory.checkpoint());
        if (segments.isEmpty() && found.map(Checkpoint::size).orElse(0L) == 0) {
            return create();
        }
        Checkpoint checkpoint = found.orElseThrow(() -> new LedgerException(
                LedgerException.Reason.KEY,
                "the ledger " + directory.path()
                        + " has entries but no checkpoint; put the checkpoint back, or move the"
                        + " directory away to begin a new ledger"));
        checkSignature(checkpoint);
        int from = startIndex(segments, checkpoint);
        Optional<Opened> opened = openFrom(segments, from, checkpoint);
        if (opened.isEmpty() && from > 0) {
            LOG.warn("start index does not match the checkpoint, reading the whole ledger dir={}", directory.path());
            opened = openFrom(segments, 0, checkpoint);
        }
        return opened.orElseThrow(() -> new LedgerException(
                LedgerException.Reason.DAMAGED,
                "cannot write the ledger " + directory.path() + ": it is not the one that was signed: the "
                        + "root over its first " + checkpoint.size()
                        + " entries differs; op-dbus ledger verify names the entry"));
    }

    private Opened create() throws IOException {
        Checkpoint empty = Checkpoint.sign(key, 0, tree.root());
        CheckpointWriter.write(directory, empty);
        byte[] none = new byte[Sha256.BYTES];
        return new Opened(
                SegmentWriter.begin(directory),
                LeavesWriter.begin(directory, tree, none),
                none,
                empty,
                new Opening(0, 0, Optional.empty(), Optional.empty()));
    }

    private void checkSignature(Checkpoint checkpoint) {
        Checkpoint.Signed signed = checkpoint.signed(key.verifier());
        if (signed != Checkpoint.Signed.BY_THE_KEY) {
            throw new LedgerException(
                    LedgerException.Reason.KEY,
                    "the checkpoint " + directory.checkpoint() + " is not signed by this host's key "
                            + key.verifier().name() + "; put the key that signed it back");
        }
    }

    /**
     * Returns the last segment that is not empty, begins within the entries of the checkpoint, and whose index says
     * what precedes it.
     */
    private int startIndex(List<LedgerDirectory.Segment> segments, Checkpoint checkpoint) throws IOException {
        for (int i = segments.size() - 1; i > 0; i--) {
            LedgerDirectory.Segment segment = segments.get(i);
            if (Files.size(segment.file()) > 0
                    && segment.first() - 1 <= checkpoint.size()
                    && LeavesFile.start(directory, segment.first()).isPresent()) {
                return i;
            }
        }
        return 0;
    }

    /** Opens by reading from one segment on; empty if its index cannot be right about what precedes it. */
    private Optional<Opened> openFrom(List<LedgerDirectory.Segment> segments, int from, Checkpoint checkpoint)
            throws IOException {
        LeavesFile.Start start = from == 0
                ? new LeavesFile.Start(0, new byte[Sha256.BYTES], new MerkleRange())
                : LeavesFile.start(directory, segments.get(from).first()).orElseThrow();
        tree = start.tree().copy();
        rootSeen = rootFits(checkpoint);
        segmentFirst = 0;
        leaves.reset();
        LedgerScan.Outcome outcome = new LedgerScan(
                        segments.subList(from, segments.size()),
                        start.height(),
                        start.hash(),
                        (checked, first) -> visit(checked, checkpoint))
                .run();
        if (outcome.finding().isPresent()) {
            // With a wrong index the first line does not follow; that must not be taken for damage.
            if (from > 0) {
                return Optional.empty();
            }
            throw new LedgerException(
                    LedgerException.Reason.DAMAGED,
                    "cannot write the ledger: " + outcome.finding().get());
        }
        if (outcome.height() < checkpoint.size()) {
            throw new LedgerException(
                    LedgerException.Reason.DAMAGED,
                    "cannot write the ledger " + directory.path() + ": entries " + (outcome.height() + 1) + " to "
                            + checkpoint.size() + " are missing, but the checkpoint covers them. "
                            + "Put the files back");
        }
        if (!rootSeen) {
            return Optional.empty();
        }
        finishLeaves();
        Optional<Opening.Repair> repair = drop(outcome.torn());
        LedgerDirectory.Segment last = segments.get(segments.size() - 1);
        if (segmentFirst != last.first()) {
            // The last segment is empty, so the scan did not reach it.
            segmentFirst = last.first();
            writeLeaves(LeavesFile.header(new LeavesFile.Start(outcome.height(), outcome.hash(), tree)));
        }
        Opening report = new Opening(
                outcome.height(), outcome.height() - start.height(), repair, adopted(checkpoint, outcome.height()));
        return Optional.of(new Opened(
                SegmentWriter.resume(directory, last),
                LeavesWriter.resume(directory, tree, last),
                outcome.hash(),
                checkpoint,
                report));
    }

    /**
     * Returns the entries that the host has not signed. They continue the chain, but the chain does not show who
     * wrote them.
     */
    private Optional<Adoption> adopted(Checkpoint checkpoint, long height) {
        if (height == checkpoint.size()) {
            return Optional.empty();
        }
        Adoption adoption = new Adoption(checkpoint.size() + 1, height, 0);
        LOG.warn(
                "adopted entries that were not signed dir={} from={} to={}; the ledger records "
                        + "them as such; look at them if no agent ended suddenly before",
                directory.path(),
                adoption.from(),
                adoption.to());
        return Optional.of(adoption);
    }

    private boolean rootFits(Checkpoint checkpoint) {
        return tree.size() == checkpoint.size() && Arrays.equals(tree.root(), checkpoint.rootHash());
    }

    private void visit(Chunk.Checked checked, Checkpoint checkpoint) {
        LedgerDirectory.Segment segment = checked.chunk().segment();
        if (segment.first() != segmentFirst) {
            finishLeaves();
            segmentFirst = segment.first();
            leaves.writeBytes(LeavesFile.header(new LeavesFile.Start(tree.size(), checked.firstPrev(), tree)));
        }
        leaves.write(checked.leaves(), 0, checked.good() * Sha256.BYTES);
        for (int i = 0; i < checked.good(); i++) {
            tree.add(checked.leaf(i));
            if (tree.size() == checkpoint.size()) {
                rootSeen = rootFits(checkpoint);
            }
        }
    }

    private void finishLeaves() {
        if (leaves.size() > 0) {
            writeLeaves(leaves.toByteArray());
            leaves.reset();
        }
    }

    /** Rebuilds a segment's derived file if it does not match; without it the ledger works as well, only slower. */
    private void writeLeaves(byte[] expected) {
        Path file = directory.leaves(segmentFirst);
        try {
            if (!isAlready(file, expected)) {
                try (FileChannel channel = LedgerFile.replace(file, SegmentWriter.MODE)) {
                    ByteBuffer buffer = ByteBuffer.wrap(expected);
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                }
            }
        } catch (IOException e) {
            LOG.warn("leaf hashes not rebuilt file={} reason={}", file, LedgerException.inWords(e));
        }
    }

    /** Returns whether a file holds exactly this; false for one that is too long, or not a regular file. */
    private static boolean isAlready(Path file, byte[] expected) {
        try {
            return Arrays.equals(LedgerFile.read(file, expected.length), expected);
        } catch (IOException e) {
            return false;
        }
    }

    private Optional<Opening.Repair> drop(Optional<LedgerScan.Torn> torn) throws IOException {
        if (torn.isEmpty()) {
            return Optional.empty();
        }
        LedgerScan.Torn tail = torn.get();
        try (FileChannel channel = LedgerFile.openToWrite(tail.segment().file())) {
            channel.truncate(tail.offset());
            channel.force(false);
        }
        Opening.Repair repair = new Opening.Repair(
                tail.segment().file(),
                tail.offset(),
                tail.bytes().length,
                HexFormat.of().formatHex(Sha256.of(tail.bytes())));
        LOG.warn("dropped a torn last line file={} offset={} bytes={}", repair.file(), repair.offset(), repair.bytes());
        return Optional.of(repair);
    }
}
