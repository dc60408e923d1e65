// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.engine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import javax.net.ssl.SSLContext;
import org.jgroups.util.DefaultSocketFactory;
import org.opdbus.verticles.membership.tls.TlsServerSocket;

/**
 * The sockets for JGroups: client sockets as the platform makes them, and a server socket that passes on only
 * connections whose TLS handshake is finished.
 */
final class GroupSockets extends DefaultSocketFactory {
    private final SSLContext tls;

    GroupSockets(SSLContext tls) {
        super(tls);
        this.tls = tls;
    }

    @Override
    public ServerSocket createServerSocket(String service) throws IOException {
        return new TlsServerSocket(tls);
    }

    @Override
    public ServerSocket createServerSocket(String service, int port) throws IOException {
        return bound(new InetSocketAddress(port), 0);
    }

    @Override
    public ServerSocket createServerSocket(String service, int port, int backlog) throws IOException {
        return bound(new InetSocketAddress(port), backlog);
    }

    @Override
    public ServerSocket createServerSocket(String service, int port, int backlog, InetAddress address)
            throws IOException {
        return bound(new InetSocketAddress(address, port), backlog);
    }

    private ServerSocket bound(InetSocketAddress address, int backlog) throws IOException {
        ServerSocket socket = new TlsServerSocket(tls);
        socket.bind(address, backlog);
        return socket;
    }
}
