// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.config.HttpTlsConfig;
import org.opdbus.verticles.http.access.ServerTls;

/** The server behind TLS, with real sockets: every limit of the server without TLS holds. */
final class TlsServerTest {
    private static final String TOKEN = "0123456789abcdef0123";

    @TempDir
    private Path folder;

    private PemFiles certificate;
    private TestWebServer server;

    @BeforeEach
    void open() throws IOException {
        certificate = PemFiles.make(folder, "first");
        HttpTlsConfig config = new HttpTlsConfig(
                certificate.certificate().toString(), certificate.key().toString());
        server = TestWebServer.open(
                new HttpOptions(
                        "127.0.0.1",
                        0,
                        Optional.of(TOKEN),
                        Optional.of(TOKEN),
                        Optional.empty(),
                        Set.of(),
                        Optional.of(ServerTls.of(certificate.certificate(), config))),
                WebFace.at("/healthz", vertx -> new HealthRoute()));
    }

    @AfterEach
    void close() {
        server.close();
    }

    /** Takes any certificate, and tells whose it was. */
    private static final class AnyCertificate implements X509TrustManager {
        private String name = "";

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new AssertionError("a server does not use this");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            name = chain[0].getSubjectX500Principal().getName();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private final AnyCertificate seen = new AnyCertificate();

    private SSLSocket connect(String... protocols) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {seen}, new SecureRandom());
            SSLSocket socket = (SSLSocket)
                    context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port());
            socket.setSoTimeout(60_000);
            if (protocols.length > 0) {
                socket.setEnabledProtocols(protocols);
            }
            return socket;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private String ask(String request, String... protocols) throws IOException {
        try (SSLSocket socket = connect(protocols)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static String request(String line, String... headers) {
        StringBuilder text =
                new StringBuilder(line).append(" HTTP/1.1\r\nHost: localhost:8443\r\nConnection: close\r\n");
        for (String each : headers) {
            text.append(each).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    private static String health() {
        return request("GET /healthz", "Authorization: Bearer " + TOKEN);
    }

    @Test
    void both_new_versions_of_tls_are_spoken_and_no_older_one() throws IOException {
        assertThat(ask(health(), "TLSv1.3")).startsWith("HTTP/1.1 200 ").endsWith("ok\n");
        assertThat(ask(health(), "TLSv1.2")).startsWith("HTTP/1.1 200 ");
        try (SSLSocket socket = connect()) {
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
            assertThat(socket.getApplicationProtocol()).isEmpty();
        }
    }

    @Test
    void the_cookie_is_sent_over_tls_only() throws IOException {
        assertThat(ask(request("POST /api/v1/session", "Authorization: Bearer " + TOKEN)))
                .startsWith("HTTP/1.1 204 ")
                .containsPattern("set-cookie: __Host-op-dbus-session-8443=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; "
                        + "SameSite=Strict; Secure\r\n");
        assertThat(ask(request("GET /healthz"))).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void a_caller_without_encryption_is_told_so() {
        assertThat(server.ask("GET /healthz")).startsWith("HTTP/1.1 400 ").endsWith("ask by https://\n");
        assertThat(server.say("\0\1\2\3\4\5")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void requests_in_one_piece_are_answered_one_after_the_other() throws IOException {
        String each = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TOKEN + "\r\n\r\n";
        assertThat(ask(each.repeat(499) + health()).split("HTTP/1.1 200 OK", -1))
                .hasSize(501);
    }

    @Test
    void what_is_too_long_is_refused() throws IOException {
        assertThat(ask(request("GET /healthz", "X: " + "x".repeat(9_000)))).startsWith("HTTP/1.1 431 ");
        assertThat(ask(request("GET /" + "x".repeat(5_000)))).contains(" 414 ");
    }

    @Test
    void a_connection_ends_with_the_answer_if_the_body_of_its_request_is_not_whole() throws IOException {
        for (String version : List.of("TLSv1.3", "TLSv1.2")) {
            try (SSLSocket socket = connect(version)) {
                // Shorter than the limit of time for an answer.
                socket.setSoTimeout(8_000);
                String request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TOKEN
                        + "\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .as(version)
                        .startsWith("HTTP/1.1 413 ")
                        .endsWith("requests must not have a body\n");
            }
        }
    }

    @Test
    void half_a_request_is_waited_for_only_so_long() throws IOException {
        try (SSLSocket socket = connect()) {
            socket.getOutputStream().write("GET /healthz HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    /** Sockets that say nothing, or only begin a handshake, hold no place that another caller needs, and end by themselves. */
    @Test
    void slow_handshakes_keep_nobody_out() throws IOException {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 3 * Callers.CALLERS_MAX; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                slow.add(socket);
                if (i % 2 == 0) {
                    socket.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
                }
            }
            for (int i = 0; i < 20; i++) {
                assertThat(ask(health())).startsWith("HTTP/1.1 200 ");
            }
            Socket last = slow.get(slow.size() - 2);
            last.setSoTimeout(60_000);
            long beginning = System.nanoTime();
            assertThat(last.getInputStream().read()).isEqualTo(-1);
            assertThat(Duration.ofNanos(System.nanoTime() - beginning)).isLessThan(Duration.ofSeconds(30));
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void random_bytes_in_and_after_a_handshake_end_their_own_connection() throws IOException {
        for (int i = 0; i < 20; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.setSoTimeout(60_000);
                byte[] bytes = new byte[2_000];
                new Random(i).nextBytes(bytes);
                bytes[0] = 22;
                socket.getOutputStream().write(bytes);
                byte[] answer = socket.getInputStream().readAllBytes();
                assertThat(answer.length).isLessThan(100);
            } catch (IOException reset) {
                // It may be closed while more is sent.
            }
        }
        assertThat(ask(health())).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void a_client_cannot_have_the_handshake_repeated() throws IOException {
        try (SSLSocket socket = connect("TLSv1.2")) {
            socket.startHandshake();
            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        socket.getOutputStream().write(health().getBytes(StandardCharsets.US_ASCII));
                        assertThat(socket.getInputStream().read()).isEqualTo(-1);
                        throw new SSLException("closed");
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_changed_certificate_is_used_and_a_broken_one_is_not() throws Exception {
        assertThat(ask(health())).startsWith("HTTP/1.1 200 ");
        assertThat(seen.name).isEqualTo("CN=first");
        PemFiles second = PemFiles.make(folder, "second");
        Files.copy(second.key(), certificate.key(), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(second.certificate(), certificate.certificate(), StandardCopyOption.REPLACE_EXISTING);
        eventually(() -> {
            assertThat(ask(health())).startsWith("HTTP/1.1 200 ");
            assertThat(seen.name).isEqualTo("CN=second");
        });
        Files.writeString(certificate.certificate(), "nothing");
        // Longer than until the next look at the files.
        long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        do {
            assertThat(ask(health())).startsWith("HTTP/1.1 200 ");
        } while (System.nanoTime() < end);
        assertThat(seen.name).isEqualTo("CN=second");
    }
}
