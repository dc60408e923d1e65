// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wire;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The lines before the first message (section "Authentication Protocol", mechanism EXTERNAL). The client names no user, so the
 * bus takes the one that the kernel tells.
 */
final class Greeting {
    private static final int BYTES_MAX = 1_024;
    private static final String END_OF_LINE = "\r\n";

    private final NetSocket socket;
    private final Buffer held = Buffer.buffer();
    private boolean isDone;

    Greeting(NetSocket socket) {
        this.socket = socket;
    }

    void begin() {
        socket.write("\0AUTH EXTERNAL\r\nDATA\r\n");
    }

    boolean isDone() {
        return isDone;
    }

    /**
     * Takes more bytes, and returns what follows the lines once they have all come.
     *
     * @throws MalformedMessageException if the bus refuses, or does not greet
     */
    Optional<Buffer> read(Buffer bytes) {
        held.appendBuffer(bytes);
        String text = held.toString(StandardCharsets.ISO_8859_1);
        int at = 0;
        for (int end = text.indexOf(END_OF_LINE); end >= 0; end = text.indexOf(END_OF_LINE, at)) {
            String line = text.substring(at, end);
            at = end + END_OF_LINE.length();
            if (line.startsWith("OK ")) {
                isDone = true;
                socket.write("BEGIN\r\n");
                return Optional.of(held.getBuffer(at, held.length()));
            }
            if (!line.startsWith("DATA")) {
                throw new MalformedMessageException("it does not accept this user");
            }
        }
        if (held.length() > BYTES_MAX) {
            throw new MalformedMessageException("its greeting has no end");
        }
        return Optional.empty();
    }
}
