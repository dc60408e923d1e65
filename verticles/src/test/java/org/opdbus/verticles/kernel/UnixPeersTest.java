// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixPeersTest {
    @Test
    void it_tells_the_processes_that_are_connected_to_one_socket(@TempDir Path folder) throws Exception {
        Path socket = folder.resolve("control.sock");
        try (ServerSocketChannel server = listening(socket);
                ServerSocketChannel other = listening(folder.resolve("other.sock"))) {
            Process first = new ProcessBuilder("nc", "-U", socket.toString()).start();
            Process second = new ProcessBuilder("nc", "-U", socket.toString()).start();
            Process elsewhere =
                    new ProcessBuilder("nc", "-U", folder.resolve("other.sock").toString()).start();
            try (SocketChannel one = server.accept();
                    SocketChannel two = server.accept();
                    SocketChannel third = other.accept()) {
                assertThat(one.isOpen() && two.isOpen() && third.isOpen()).isTrue();
                assertThat(UnixPeers.of(socket)).containsExactlyInAnyOrder(first.pid(), second.pid());
            } finally {
                first.destroyForcibly().waitFor();
                second.destroyForcibly().waitFor();
                elsewhere.destroyForcibly().waitFor();
            }
        }
    }

    private static ServerSocketChannel listening(Path socket) throws Exception {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        return server;
    }
}
