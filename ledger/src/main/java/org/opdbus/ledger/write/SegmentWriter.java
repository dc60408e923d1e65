// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.LedgerFile;

/**
 * The segment that is being written. It knows how much of it is certainly on disk; the rest can be rolled back. Used
 * by one thread.
 */
final class SegmentWriter implements AutoCloseable {
    static final FileAttribute<?> MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"));

    private final LedgerDirectory directory;
    private FileChannel lines;
    private long bytesOnDisk;

    private SegmentWriter(LedgerDirectory directory, LedgerDirectory.Segment segment) throws IOException {
        this.directory = directory;
        lines = open(segment);
    }

    /** Continues a segment whose bytes have all been checked. */
    static SegmentWriter resume(LedgerDirectory directory, LedgerDirectory.Segment segment) throws IOException {
        SegmentWriter writer = new SegmentWriter(directory, segment);
        writer.bytesOnDisk = writer.lines.size();
        return writer;
    }

    /** Begins the first segment. */
    static SegmentWriter begin(LedgerDirectory directory) throws IOException {
        SegmentWriter writer = new SegmentWriter(directory, directory.segment(1));
        directory.sync();
        return writer;
    }

    /** Returns how much of the segment is on disk. */
    long bytesOnDisk() {
        return bytesOnDisk;
    }

    /**
     * Writes lines, into a new segment if they must begin one, and returns when they are on disk. After a failure,
     * call {@link #rollBack} before anything else.
     */
    void commit(Batch batch) throws IOException {
        if (batch.beginsSegment()) {
            rotate(batch.firstHeight());
        }
        long end = write(lines, batch.bytes(), batch.length(), bytesOnDisk);
        lines.force(false);
        bytesOnDisk = end;
    }

    /** Removes what a failed commit left after the last one that succeeded. */
    void rollBack() throws IOException {
        lines.truncate(bytesOnDisk);
        lines.force(false);
    }

    /** Closes this segment and begins the next. After a failure this one can still be written. */
    private void rotate(long first) throws IOException {
        FileChannel fresh = open(directory.segment(first));
        boolean durable = false;
        try {
            // An earlier attempt may have left the file; it is empty, because nothing is written
            // before this returns.
            fresh.truncate(0);
            directory.sync();
            durable = true;
        } finally {
            if (!durable) {
                fresh.close();
            }
        }
        lines.close();
        lines = fresh;
        bytesOnDisk = 0;
    }

    private static FileChannel open(LedgerDirectory.Segment segment) throws IOException {
        return Files.exists(segment.file(), LinkOption.NOFOLLOW_LINKS)
                ? LedgerFile.openToWrite(segment.file())
                : LedgerFile.create(segment.file(), MODE);
    }

    /** Writes all of the bytes at a position in the file, and returns where they end. */
    static long write(FileChannel channel, byte[] bytes, int length, long from) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        long at = from;
        while (buffer.hasRemaining()) {
            at += channel.write(buffer, at);
        }
        return at;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
