// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Clients of the stream that read everything and keep nothing, on one thread, so that they themselves cost little. */
final class StreamReaders implements AutoCloseable {
    private static final int PORT = 8080;
    private static final int READ_BYTES = 256 << 10;

    private final Selector selector;
    private final List<SocketChannel> clients = new ArrayList<>();
    private final AtomicLong bytes = new AtomicLong();

    /** Opens so many. */
    StreamReaders(int count) {
        try {
            selector = Selector.open();
            for (int i = 0; i < count; i++) {
                SocketChannel client =
                        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT));
                clients.add(client);
                client.write(ByteBuffer.wrap(
                        "GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
                client.configureBlocking(false);
                client.register(selector, SelectionKey.OP_READ);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::read, "stream-readers");
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        ByteBuffer some = ByteBuffer.allocateDirect(READ_BYTES);
        try {
            while (true) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    some.clear();
                    int size = ((SocketChannel) key.channel()).read(some);
                    if (size < 0) {
                        throw new IOException("the agent has closed the connection of a reader");
                    }
                    bytes.addAndGet(size);
                }
                selector.selectedKeys().clear();
            }
        } catch (ClosedSelectorException closed) {
            // The measurement is over.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns how many bytes all have read. */
    long bytes() {
        return bytes.get();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        for (SocketChannel client : clients) {
            client.close();
        }
    }
}
