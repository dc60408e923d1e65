// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.membership.tls.Tls;
import org.opdbus.verticles.membership.trust.Identity;

/** A client that trusts every server and tries to be admitted at an address of a member. */
final class Intruder {
    private static final int LIMIT_MS = 3_000;

    private final Optional<Identity> identity;

    Intruder(Optional<Identity> identity) {
        this.identity = identity;
    }

    /** Returns the result: empty if it was admitted, which means that the member waits for more data. */
    Optional<String> refusedAt(ListenAddress address) {
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(address.host(), address.port()), LIMIT_MS);
            SSLSocket socket = (SSLSocket) Tls.context(identity, new BelieveAll())
                    .getSocketFactory()
                    .createSocket(plain, address.host(), address.port(), true);
            socket.setSoTimeout(LIMIT_MS);
            socket.startHandshake();
            // With TLS 1.3 the client is done before the server has checked its certificate.
            int unused = socket.getInputStream().read();
            // An orderly end without an alert: it was admitted, and was silent until the member
            // closed the connection.
            return Optional.empty();
        } catch (java.net.SocketTimeoutException waits) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e.toString());
        }
    }

    /** Sends data without TLS, and returns the answer. */
    static Optional<String> plainAt(ListenAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.host(), address.port()), LIMIT_MS);
            socket.setSoTimeout(LIMIT_MS);
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            byte[] answer = socket.getInputStream().readAllBytes();
            return Optional.of("hung up after " + answer.length + " bytes");
        } catch (java.net.SocketTimeoutException waits) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e.toString());
        }
    }

    private static final class BelieveAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
