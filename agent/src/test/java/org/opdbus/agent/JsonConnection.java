// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A connection to a unix socket on which each request, a JSON text, gets one JSON object as its answer. It finds the end of
 * the answer without parsing it, so that no parser takes part in what is measured.
 */
final class JsonConnection implements AutoCloseable {
    private final SocketChannel channel;
    private final ByteBuffer part = ByteBuffer.allocateDirect(65_536);

    JsonConnection(Path socket) {
        try {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a request and returns the answer. */
    String ask(String request) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        Depth depth = new Depth();
        try {
            ByteBuffer out = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
            while (out.hasRemaining()) {
                channel.write(out);
            }
            do {
                part.clear();
                if (channel.read(part) < 0) {
                    throw new IOException("the connection was closed before the answer was complete: " + answer);
                }
                part.flip();
                while (part.hasRemaining()) {
                    byte next = part.get();
                    depth.pass(next);
                    answer.write(next);
                }
            } while (!depth.isOver());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    /** How many objects are open at this byte; braces within strings do not count. */
    private static final class Depth {
        private int open;
        private boolean begun;
        private boolean inString;
        private boolean escaped;

        void pass(byte next) {
            if (escaped) {
                escaped = false;
            } else if (inString) {
                escaped = next == '\\';
                inString = next != '"';
            } else if (next == '"') {
                inString = true;
            } else if (next == '{') {
                open++;
                begun = true;
            } else if (next == '}') {
                open--;
            }
        }

        boolean isOver() {
            return begun && open == 0;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
