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

/** Somebody who believes everybody and tries to be let in at an address of a member. */
final class Intruder {
    private static final int LIMIT_MS = 3_000;

    private final Optional<Identity> identity;

    Intruder(Optional<Identity> identity) {
        this.identity = identity;
    }

    /** What came of it: empty if it was let in, which is to say that the member waits to hear more. */
    Optional<String> refusedAt(ListenAddress address) {
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(address.host(), address.port()), LIMIT_MS);
            SSLSocket socket = (SSLSocket) Tls.context(identity, new BelieveAll())
                    .getSocketFactory()
                    .createSocket(plain, address.host(), address.port(), true);
            socket.setSoTimeout(LIMIT_MS);
            socket.startHandshake();
            // With TLS 1.3 the client is done before the server has looked at its certificate.
            int unused = socket.getInputStream().read();
            // An orderly end without an alert: it was let in, and said nothing for so long that it was hung up on.
            return Optional.empty();
        } catch (java.net.SocketTimeoutException waits) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e.toString());
        }
    }

    /** Says something without TLS, and what came back. */
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
