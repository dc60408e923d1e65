// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.output;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.opdbus.agent.log.VisibleText;

/**
 * Standard output for results of any length, written in large pieces and in UTF-8 regardless of the
 * locale. It writes only at {@link #flush} or when the buffer is full.
 *
 * <p>Results for people are {@link VisibleText}. It passes results for programs on byte for byte.
 * On a terminal it escapes them too; JSON keeps its meaning by that.
 */
public final class ResultStream extends OutputStream {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final StandardStreams streams;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int filled;

    public ResultStream(StandardStreams streams) {
        this.streams = streams;
    }

    /**
     * The reader of the results has closed the pipe, as head(1) does when it has enough. The
     * command has nothing left to do.
     */
    public static final class ReaderGoneException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private ReaderGoneException(IOException cause) {
            super("the reader of standard output has closed it", cause);
        }
    }

    /** Writes a line for people. */
    public void line(String text) {
        exact(VisibleText.line(text));
        write('\n');
    }

    /** Writes lines for people that this program made; each ends with a line feed. */
    public void text(String lines) {
        exact(VisibleText.lines(lines));
    }

    /**
     * Writes text with colors for a terminal, at once and as it is. The caller has escaped what is not its own in it.
     *
     * @throws CannotRunException if the write fails
     */
    public void drawn(String text) {
        flush();
        try {
            streams.out().write(text.getBytes(StandardCharsets.UTF_8));
            streams.out().flush();
        } catch (IOException e) {
            throw new CannotRunException("cannot write the result to standard output: " + e.getMessage(), e);
        }
    }

    /** Writes a JSON value for programs. */
    public void json(String json) {
        exact(json);
        write('\n');
    }

    /** Writes text for programs. */
    public void exact(String text) {
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
     * Writes the buffer to standard output.
     *
     * @throws ReaderGoneException if a pipe has no reader any more
     * @throws CannotRunException if the write fails for another reason, such as a full disk
     */
    @Override
    public void flush() {
        try {
            if (streams.outIsTerminal()) {
                streams.out().write(takeVisible());
            } else {
                int length = filled;
                // Clears the buffer, so that the command does not try to write it again at its end.
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

    /** Takes the buffered bytes, except the first bytes of a character that is still incomplete. */
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
