// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** An attacker that opens connections, by TCP or a unix socket, and says nothing on them. */
public final class SilentConnections implements AutoCloseable {
    private final SocketAddress server;
    private final List<SocketChannel> open = new ArrayList<>();

    public SilentConnections(SocketAddress server) {
        this.server = server;
    }

    /** Opens connections until so many were accepted by the kernel. */
    public void open(int count) throws IOException {
        for (int number = 0; number < count; number++) {
            SocketChannel channel = SocketChannel.open(server);
            channel.configureBlocking(false);
            open.add(channel);
        }
    }

    /** How many the server has not closed. */
    public int held() throws IOException {
        List<SocketChannel> closed = new ArrayList<>();
        for (SocketChannel channel : open) {
            if (isClosed(channel)) {
                closed.add(channel);
            }
        }
        for (SocketChannel channel : closed) {
            channel.close();
            open.remove(channel);
        }
        return open.size();
    }

    private static boolean isClosed(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(1024)) < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : open) {
            channel.close();
        }
        open.clear();
    }
}
