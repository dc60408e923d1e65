// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segment that is being written, and its leaf hashes. Knows how much of it is on disk for certain; what is not can be
 * rolled back. Used by one thread.
 */
final class SegmentWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentWriter.class);
    private static final FileAttribute<?> MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"));

    private final LedgerDirectory directory;
    private LedgerDirectory.Segment segment;
    private FileChannel lines;
    private Optional<FileChannel> leaves;
    private long bytesOnDisk;
    private long leavesBytes;

    private SegmentWriter(LedgerDirectory directory, LedgerDirectory.Segment segment) throws IOException {
        this.directory = directory;
        this.segment = segment;
        lines = open(segment);
        leaves = Optional.empty();
    }

    /** Goes on with a segment whose bytes have all been checked; its leaves must be whole. */
    static SegmentWriter resume(LedgerDirectory directory, LedgerDirectory.Segment segment, long entriesInIt)
            throws IOException {
        SegmentWriter writer = new SegmentWriter(directory, segment);
        writer.bytesOnDisk = writer.lines.size();
        writer.leavesBytes = LeavesFile.headerBytes(segment.first() - 1) + entriesInIt * Sha256.BYTES;
        try {
            writer.leaves = Optional.of(FileChannel.open(directory.leaves(segment.first()), StandardOpenOption.WRITE));
        } catch (IOException e) {
            writer.withoutLeaves(e);
        }
        return writer;
    }

    /** Begins the segment that follows what is there. */
    static SegmentWriter begin(LedgerDirectory directory, LeavesFile.Start start) throws IOException {
        SegmentWriter writer = new SegmentWriter(directory, directory.segment(start.height() + 1));
        writer.beginLeaves(start);
        directory.sync();
        return writer;
    }

    /** How much of the segment is on disk. */
    long bytesOnDisk() {
        return bytesOnDisk;
    }

    /** Writes lines and returns when they are on disk. After a failure, {@link #rollBack} before anything else. */
    void commit(Batch batch) throws IOException {
        long end = write(lines, batch.bytes(), batch.length(), bytesOnDisk);
        lines.force(false);
        bytesOnDisk = end;
        writeLeaves(batch.leaves(), batch.leavesLength());
    }

    /** Takes back whatever a failed commit left behind the last one that succeeded. */
    void rollBack() throws IOException {
        lines.truncate(bytesOnDisk);
        lines.force(false);
    }

    /** Closes this segment and begins the next. On failure this one can be written still. */
    void rotate(LeavesFile.Start start) throws IOException {
        LedgerDirectory.Segment next = directory.segment(start.height() + 1);
        FileChannel fresh = open(next);
        boolean durable = false;
        try {
            // An earlier attempt may have left the file; it is empty, for nothing is written before this returns.
            fresh.truncate(0);
            directory.sync();
            durable = true;
        } finally {
            if (!durable) {
                fresh.close();
            }
        }
        closeFiles();
        segment = next;
        lines = fresh;
        bytesOnDisk = 0;
        beginLeaves(start);
    }

    private static FileChannel open(LedgerDirectory.Segment segment) throws IOException {
        return FileChannel.open(segment.file(), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), MODE);
    }

    private void beginLeaves(LeavesFile.Start start) {
        try {
            FileChannel channel = FileChannel.open(
                    directory.leaves(segment.first()),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING),
                    MODE);
            leaves = Optional.of(channel);
            byte[] header = LeavesFile.header(start);
            leavesBytes = write(channel, header, header.length, 0);
        } catch (IOException e) {
            withoutLeaves(e);
        }
    }

    private void writeLeaves(byte[] leafHashes, int length) {
        if (leaves.isPresent()) {
            try {
                leavesBytes = write(leaves.get(), leafHashes, length, leavesBytes);
            } catch (IOException e) {
                withoutLeaves(e);
            }
        }
    }

    /** The entries are on disk, so this is no failure; the next opening makes the file anew from them. */
    private void withoutLeaves(IOException cause) {
        LOG.warn(
                "leaf hashes not written file={} reason={}",
                directory.leaves(segment.first()),
                LedgerException.inWords(cause));
        try {
            closeLeaves();
        } catch (IOException e) {
            LOG.warn("leaf hashes not closed reason={}", LedgerException.inWords(e));
        }
    }

    private static long write(FileChannel channel, byte[] bytes, int length, long from) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        long at = from;
        while (buffer.hasRemaining()) {
            at += channel.write(buffer, at);
        }
        return at;
    }

    private void closeLeaves() throws IOException {
        if (leaves.isPresent()) {
            FileChannel channel = leaves.get();
            leaves = Optional.empty();
            channel.close();
        }
    }

    private void closeFiles() throws IOException {
        closeLeaves();
        lines.close();
    }

    @Override
    public void close() throws IOException {
        closeFiles();
    }
}
