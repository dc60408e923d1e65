// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Standard output for results of any length: in large pieces, and byte for byte UTF-8 whatever the locale. Nothing is
 * written before {@link #flush} or a full buffer.
 */
final class ResultStream extends OutputStream {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final StandardStreams streams;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int filled;

    ResultStream(StandardStreams streams) {
        this.streams = streams;
    }

    /** Whoever read the results has gone, as head(1) does when it has enough. There is nothing left to do. */
    static final class ReaderGoneException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private ReaderGoneException(IOException cause) {
            super("nobody reads standard output any more", cause);
        }
    }

    void line(String text) {
        text(text);
        write('\n');
    }

    void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        write(bytes, 0, bytes.length);
    }

    @Override
    public void write(int value) {
        if (filled == buffer.length) {
            flush();
        }
        buffer[filled++] = (byte) value;
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        int at = from;
        int left = length;
        while (left > 0) {
            if (filled == buffer.length) {
                flush();
            }
            int part = Math.min(left, buffer.length - filled);
            System.arraycopy(bytes, at, buffer, filled, part);
            filled += part;
            at += part;
            left -= part;
        }
    }

    /**
     * Writes what is held back.
     *
     * @throws ReaderGoneException if a pipe has no reader any more
     * @throws CannotRunException if it cannot be written for another reason, such as a full disk
     */
    @Override
    public void flush() {
        int length = filled;
        // What could not be written is not tried again by whoever tidies up afterwards.
        filled = 0;
        try {
            streams.out().write(buffer, 0, length);
            streams.out().flush();
        } catch (IOException e) {
            if (streams.outIsPipe()) {
                throw new ReaderGoneException(e);
            }
            throw new CannotRunException("cannot write the result to standard output: " + e.getMessage(), e);
        }
    }
}
