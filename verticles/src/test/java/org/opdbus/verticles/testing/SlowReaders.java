// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An attacker that asks for a long answer on many connections and reads one byte of each now and then. */
public final class SlowReaders extends Attacker {
    private final SocketAddress server;
    private final byte[] request;
    private final int count;
    private final List<SocketChannel> open = new ArrayList<>();

    /** So many connections that send this request once. */
    public SlowReaders(SocketAddress server, int count, String request) {
        super("slow readers");
        this.server = server;
        this.count = count;
        this.request = request.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    void round() throws IOException {
        for (SocketChannel channel : List.copyOf(open)) {
            if (!isOpen(channel)) {
                channel.close();
                open.remove(channel);
            }
        }
        if (open.size() < count) {
            SocketChannel channel = SocketChannel.open(server);
            open.add(channel);
            channel.configureBlocking(false);
            channel.write(ByteBuffer.wrap(request));
        }
    }

    private static boolean isOpen(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(1)) >= 0;
        } catch (IOException reset) {
            return false;
        }
    }

    @Override
    void end() throws IOException {
        for (SocketChannel channel : open) {
            channel.close();
        }
    }
}
