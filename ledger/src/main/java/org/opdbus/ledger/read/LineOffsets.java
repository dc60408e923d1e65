// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.OptionalLong;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.LedgerFile;
import org.opdbus.ledger.text.LineScanner;

/** Finds lines of a segment by their position or their height, and reads little for it. For one thread. */
final class LineOffsets implements AutoCloseable {
    /** From here on it is no slower to read all lines in order. */
    private static final int NEAR_BYTES = 64 * 1024;

    private static final int BLOCK_BYTES = 8 * 1024;

    private final FileChannel channel;
    private final LineScanner scanner = new LineScanner();

    private LineOffsets(FileChannel channel) {
        this.channel = channel;
    }

    static LineOffsets of(LedgerDirectory.Segment segment) throws IOException {
        return new LineOffsets(LedgerFile.openToRead(segment.file()));
    }

    /**
     * Returns where a line begins that is not after the entry of this height, and not far before it. If a line that it looks at is no
     * entry, the result is farther before it: a reader that goes on from there comes upon that line or does not need it.
     */
    long notAfter(long height) throws IOException {
        long low = 0;
        long high = channel.size();
        while (high - low > NEAR_BYTES) {
            long middle = low + (high - low) / 2;
            long line = lineFrom(middle);
            if (line >= high) {
                high = middle;
                continue;
            }
            OptionalLong there = heightAt(line);
            if (there.isEmpty()) {
                return low;
            }
            if (there.getAsLong() <= height) {
                low = line;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Returns where the first line begins at this position or after it; the end of the file if there is none. */
    long lineFrom(long position) throws IOException {
        if (position == 0) {
            return 0;
        }
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        long at = position - 1;
        while (fill(block, at)) {
            for (int i = 0; i < block.limit(); i++) {
                if (block.get(i) == '\n') {
                    return at + i + 1;
                }
            }
            at += block.limit();
        }
        return channel.size();
    }

    /** Returns the height of the entry in the line that begins here; empty if it is no entry, or not complete. */
    private OptionalLong heightAt(long offset) throws IOException {
        for (int bytes = BLOCK_BYTES; bytes / 2 <= LineScanner.LINE_BYTES_MAX; bytes *= 2) {
            ByteBuffer block = ByteBuffer.allocate(bytes);
            if (!fill(block, offset)) {
                return OptionalLong.empty();
            }
            for (int i = 0; i < block.limit(); i++) {
                if (block.get(i) == '\n') {
                    return scanner.scan(block.array(), 0, i) == null
                            ? OptionalLong.of(scanner.height)
                            : OptionalLong.empty();
                }
            }
        }
        return OptionalLong.empty();
    }

    /** Reads from an offset; the limit is what was read. Returns false at the end of the file. */
    private boolean fill(ByteBuffer block, long offset) throws IOException {
        block.clear();
        while (block.hasRemaining() && channel.read(block, offset + block.position()) >= 0) {
            // A read may return less than was requested.
        }
        block.flip();
        return block.hasRemaining();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
