// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * An attacker that sends random bytes to sockets, some of them behind the beginning of a real request, and hangs up at a
 * random moment. Some connections are open at any time; each round opens one and closes the oldest.
 */
public final class RandomBytes extends Attacker {
    private static final int OPEN_MAX = 16;
    private static final int BYTES_MAX = 8_192;
    private static final List<String> BEGINNINGS = List.of(
            "",
            "{",
            "[[[[[[[[",
            "{\"id\":1,\"method\":\"",
            "{\"id\":1e400,\"method\":\"echo\",\"params\":[]}",
            "GET /metrics HTTP/1.1\r\nHost: ",
            "\u0016\u0003\u0001\u0002");

    private final List<SocketAddress> servers;
    private final Random random;
    private final Deque<SocketChannel> open = new ArrayDeque<>();

    /** An attacker of these servers, which does the same for the same seed. */
    public RandomBytes(List<SocketAddress> servers, long seed) {
        super("random bytes");
        this.servers = List.copyOf(servers);
        random = new Random(seed);
    }

    @Override
    void round() throws IOException {
        SocketChannel channel = SocketChannel.open(servers.get(random.nextInt(servers.size())));
        open.add(channel);
        channel.configureBlocking(false);
        byte[] beginning = BEGINNINGS.get(random.nextInt(BEGINNINGS.size())).getBytes(StandardCharsets.ISO_8859_1);
        byte[] noise = new byte[random.nextInt(BYTES_MAX)];
        random.nextBytes(noise);
        channel.write(new ByteBuffer[] {ByteBuffer.wrap(beginning), ByteBuffer.wrap(noise)});
        if (open.size() > OPEN_MAX) {
            open.remove().close();
        }
    }

    @Override
    void end() throws IOException {
        for (SocketChannel channel : open) {
            channel.close();
        }
    }
}
