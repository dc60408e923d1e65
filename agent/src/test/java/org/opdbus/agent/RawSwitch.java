// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The minimum for adding a port: one transaction (RFC 7047) on an open connection. */
final class RawSwitch implements AutoCloseable {
    private final SocketChannel channel;

    RawSwitch(Path socket) {
        try {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a port to a bridge and returns when the database has accepted it. */
    void addPort(String bridge, String port) {
        String request = """
                {"id":1,"method":"transact","params":["Open_vSwitch",
                {"op":"insert","table":"Interface","row":{"name":"%1$s"},"uuid-name":"i"},
                {"op":"insert","table":"Port","row":{"name":"%1$s","interfaces":["named-uuid","i"]},"uuid-name":"p"},
                {"op":"mutate","table":"Bridge","where":[["name","==","%2$s"]],
                 "mutations":[["ports","insert",["named-uuid","p"]]]}]}
                """.formatted(port, bridge);
        try {
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
            ByteBuffer answer = ByteBuffer.allocate(4096);
            int open = 0;
            do {
                int from = answer.position();
                if (channel.read(answer) < 0) {
                    throw new IOException("ovsdb-server closed the connection");
                }
                for (int i = from; i < answer.position(); i++) {
                    open += answer.get(i) == '{' ? 1 : answer.get(i) == '}' ? -1 : 0;
                }
            } while (open != 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
