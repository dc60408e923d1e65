// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.opdbus.agent.log.VisibleText;

/**
 * Standard output for results of any length: in large pieces, and UTF-8 whatever the locale. Nothing is written before
 * {@link #flush} or a full buffer.
 *
 * <p>Results for people are {@link VisibleText}. Results for programs are passed on byte for byte, except to a terminal,
 * where everything is: JSON stays the same JSON by that.
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

    /** A line for people. */
    void line(String text) {
        exact(VisibleText.line(text));
        write('\n');
    }

    /** Lines for people, made by this program, each with its end. */
    void text(String lines) {
        exact(VisibleText.lines(lines));
    }

    /** A JSON value, for programs. */
    void json(String json) {
        exact(json);
        write('\n');
    }

    /** Text for programs. */
    void exact(String text) {
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
        try {
            if (streams.outIsTerminal()) {
                streams.out().write(takeVisible());
            } else {
                int length = filled;
                // What cannot be written is not tried again when the command ends.
                filled = 0;
                streams.out().write(buffer, 0, length);
            }
            streams.out().flush();
        } catch (IOException e) {
            if (streams.outIsPipe()) {
                throw new ReaderGoneException(e);
            }
            throw new CannotRunException("cannot write the result to standard output: " + e.getMessage(), e);
        }
    }

    /** Takes what is held back, but for the first bytes of a character whose others have not come yet. */
    private byte[] takeVisible() {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, filled);
        CharBuffer text = CharBuffer.allocate(filled);
        StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE)
                .decode(bytes, text, false);
        filled = bytes.remaining();
        System.arraycopy(buffer, bytes.position(), buffer, 0, filled);
        return VisibleText.lines(text.flip().toString()).getBytes(StandardCharsets.UTF_8);
    }
}
