// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.opdbus.verticles.testing.BusWatcher;

/** A TCP connection from the router to the host. */
final class HeldConnection implements AutoCloseable {
    private static final int BLOCK_BYTES = 200_000;

    private final SocketChannel client;
    private final SocketChannel host;

    HeldConnection(RouterSide router, String address) {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(address, 0))) {
            client = router.call(() -> SocketChannel.open(server.getLocalAddress()));
            host = server.accept();
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        } catch (IOException e) {
            throw new AssertionError("no connection to " + address, e);
        }
    }

    /** Sends much in both directions, and checks that all of it arrives. */
    void exchange() {
        pass(client, host);
        pass(host, client);
    }

    private static void pass(SocketChannel from, SocketChannel to) {
        byte[] bytes = new byte[BLOCK_BYTES];
        bytes[BLOCK_BYTES - 1] = 7;
        Thread sender = new Thread(() -> {
            try {
                ByteBuffer all = ByteBuffer.wrap(bytes);
                while (all.hasRemaining()) {
                    from.write(all);
                }
            } catch (IOException broken) {
                // The receiver fails.
            }
        });
        sender.setDaemon(true);
        sender.start();
        try {
            Socket socket = to.socket();
            socket.setSoTimeout((int) BusWatcher.GENEROUS.toMillis());
            assertThat(socket.getInputStream().readNBytes(BLOCK_BYTES)).isEqualTo(bytes);
        } catch (IOException e) {
            throw new AssertionError("the connection broke", e);
        }
    }

    @Override
    public void close() {
        try {
            client.close();
            host.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
