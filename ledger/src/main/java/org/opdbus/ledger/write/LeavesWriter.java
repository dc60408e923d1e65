// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.write;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Optional;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.LedgerFile;
import org.opdbus.ledger.merkle.LeavesFile;
import org.opdbus.ledger.merkle.MerkleRange;
import org.opdbus.ledger.text.Sha256;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tree over the entries on disk, and the derived file of the present segment. A failure of that file fails no
 * entry: the next opening adds what is missing. Used by one thread at a time.
 */
final class LeavesWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeavesWriter.class);

    private final LedgerDirectory directory;
    private final MerkleRange tree;
    private final Sha256 sha = new Sha256();
    private byte[] leaves = new byte[64 * Sha256.BYTES];
    private long segmentFirst;
    private Optional<FileChannel> file = Optional.empty();
    private long fileBytes;

    private LeavesWriter(LedgerDirectory directory, MerkleRange tree, long segmentFirst) {
        this.directory = directory;
        this.tree = tree;
        this.segmentFirst = segmentFirst;
    }

    /** Continues the file of a segment, which must be complete. */
    static LeavesWriter resume(LedgerDirectory directory, MerkleRange tree, LedgerDirectory.Segment segment) {
        LeavesWriter writer = new LeavesWriter(directory, tree, segment.first());
        long entriesInIt = tree.size() - (segment.first() - 1);
        writer.fileBytes = LeavesFile.headerBytes(segment.first() - 1) + entriesInIt * Sha256.BYTES;
        try {
            writer.file = Optional.of(LedgerFile.openToWrite(directory.leaves(segment.first())));
        } catch (IOException e) {
            writer.goWithout(e);
        }
        return writer;
    }

    /** Begins the file of the next segment. */
    static LeavesWriter begin(LedgerDirectory directory, MerkleRange tree, byte[] hash) {
        LeavesWriter writer = new LeavesWriter(directory, tree, tree.size() + 1);
        writer.beginFile(hash);
        return writer;
    }

    /** Adds lines that are on disk. */
    void add(Batch batch) {
        if (batch.beginsSegment()) {
            segmentFirst = tree.size() + 1;
            close();
            beginFile(batch.prev());
        }
        int length = hash(batch);
        for (int i = 0; i < batch.entries(); i++) {
            tree.add(Sha256.at(leaves, i));
        }
        if (file.isPresent()) {
            try {
                fileBytes = SegmentWriter.write(file.get(), leaves, length, fileBytes);
            } catch (IOException e) {
                goWithout(e);
            }
        }
    }

    /** Returns a copy of the present tree. */
    MerkleRange tree() {
        return tree.copy();
    }

    private int hash(Batch batch) {
        int length = batch.entries() * Sha256.BYTES;
        if (length > leaves.length) {
            leaves = new byte[2 * length];
        }
        int from = 0;
        for (int i = 0; i < batch.entries(); i++) {
            int to = batch.lineEnd(i);
            sha.leaf(batch.bytes(), from, to - from, leaves, i * Sha256.BYTES);
            from = to + 1;
        }
        return length;
    }

    private void beginFile(byte[] hashBefore) {
        try {
            FileChannel channel = LedgerFile.replace(directory.leaves(segmentFirst), SegmentWriter.MODE);
            file = Optional.of(channel);
            byte[] header = LeavesFile.header(new LeavesFile.Start(tree.size(), hashBefore, tree));
            fileBytes = SegmentWriter.write(channel, header, header.length, 0);
        } catch (IOException e) {
            goWithout(e);
        }
    }

    private void goWithout(IOException cause) {
        LOG.warn(
                "leaf hashes not written file={} reason={}",
                directory.leaves(segmentFirst),
                LedgerException.inWords(cause));
        close();
    }

    @Override
    public void close() {
        if (file.isPresent()) {
            FileChannel channel = file.get();
            file = Optional.empty();
            try {
                channel.close();
            } catch (IOException e) {
                LOG.warn("leaf hashes not closed reason={}", LedgerException.inWords(e));
            }
        }
    }
}
