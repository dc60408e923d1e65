// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Optional;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.LedgerFile;
import org.opdbus.ledger.text.LineScanner;

/** Reads a segment from its beginning to its present end, whole lines at a time. */
public final class ChunkReader implements AutoCloseable {
    /** More than the longest line, and small enough to divide the work evenly. */
    private static final int CHUNK_BYTES = 2 * LineScanner.LINE_BYTES_MAX;

    private final LedgerDirectory.Segment segment;
    private final FileChannel channel;
    private byte[] rest = new byte[0];
    private long offset;

    public ChunkReader(LedgerDirectory.Segment segment) throws IOException {
        this(segment, 0);
    }

    /** Creates a reader from an offset at which a line begins. */
    ChunkReader(LedgerDirectory.Segment segment, long offset) throws IOException {
        this.segment = segment;
        this.offset = offset;
        channel = LedgerFile.openToRead(segment.file()).position(offset);
    }

    /** Returns the next lines; empty at the end of the file. */
    public Optional<Chunk> next() throws IOException {
        // One byte more than the rest, so that the end of the file is noticed at once.
        long left = Math.max(0, channel.size() - channel.position());
        byte[] bytes = new byte[(int) Math.min(CHUNK_BYTES, rest.length + left + 1)];
        System.arraycopy(rest, 0, bytes, 0, rest.length);
        ByteBuffer buffer = ByteBuffer.wrap(bytes, rest.length, bytes.length - rest.length);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            // A read may return less than there is room for.
        }
        int filled = buffer.position();
        int lines = filled;
        while (lines > 0 && bytes[lines - 1] != '\n') {
            lines--;
        }
        if (filled - lines > LineScanner.LINE_BYTES_MAX) {
            // No newline for longer than any line: passed on unchanged, so that the check reports
            // it.
            lines = filled;
        }
        rest = Arrays.copyOfRange(bytes, lines, filled);
        if (lines == 0) {
            return Optional.empty();
        }
        Chunk chunk = new Chunk(segment, offset, bytes, lines);
        offset += lines;
        return Optional.of(chunk);
    }

    /** Returns where the last whole line ends. */
    public long offset() {
        return offset;
    }

    /** Returns what follows the last whole line. */
    public byte[] rest() {
        return rest.clone();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
