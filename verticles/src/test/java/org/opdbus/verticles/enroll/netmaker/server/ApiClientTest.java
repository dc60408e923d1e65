// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException.Reason;

/** The bounds of the client, against servers that keep to none. */
class ApiClientTest {
    private static final String SECRET = "access-token-of-the-agent";

    private final ServerSocket listener;
    private final CountDownLatch over = new CountDownLatch(1);

    ApiClientTest() throws IOException {
        listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    }

    /** What a server writes once it has read a request. */
    private interface Reply {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    @AfterEach
    void close() throws IOException {
        over.countDown();
        listener.close();
    }

    @Test
    void an_answer_without_end_is_broken_off_while_it_arrives() throws Exception {
        CompletableFuture<Long> sent = answer(65_536, 0);

        assertThatThrownBy(() -> get(new ApiClient(Optional.empty()), "/endless"))
                .isInstanceOfSatisfying(
                        NetmakerException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Reason.UNREACHABLE))
                .hasMessageContaining("its answer is longer than 8388608 bytes")
                .hasMessageNotContaining(SECRET);
        assertThat(sent.get(1, TimeUnit.MINUTES)).isGreaterThan(ApiClient.ANSWER_BYTES_MAX);
    }

    @Test
    void an_answer_that_drips_is_broken_off_when_its_time_is_over() throws Exception {
        ApiClient client = new ApiClient(Optional.empty(), Duration.ofMillis(500));
        CompletableFuture<Long> sent = answer(1, 20);

        assertThatThrownBy(() -> get(client, "/drips"))
                .isInstanceOfSatisfying(
                        NetmakerException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Reason.UNREACHABLE))
                .hasMessageNotContaining(SECRET);
        // The connection is closed, so the server notices it.
        assertThat(sent.get(1, TimeUnit.MINUTES)).isPositive();
    }

    @Test
    void a_redirect_is_not_followed() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        serve(out -> {
            requests.incrementAndGet();
            out.write(("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:" + listener.getLocalPort()
                            + "/elsewhere\r\nContent-Length: 0\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        });

        assertThat(get(new ApiClient(Optional.empty()), "/here").code()).isEqualTo(302);
        assertThat(requests).hasValue(1);
    }

    private ApiClient.Answer get(ApiClient client, String path) throws NetmakerException, InterruptedException {
        URI base = URI.create("http://127.0.0.1:" + listener.getLocalPort());
        return client.send("GET", base, path, Optional.of(SECRET), Optional.empty());
    }

    /** Sends parts of a body without end; how many bytes it sent until the client closed the connection. */
    private CompletableFuture<Long> answer(int partBytes, long pauseMs) {
        CompletableFuture<Long> sent = new CompletableFuture<>();
        serve(out -> {
            long bytes = 0;
            out.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            try {
                while (!over.await(pauseMs, TimeUnit.MILLISECONDS)) {
                    out.write(new byte[partBytes]);
                    bytes += partBytes;
                }
            } finally {
                sent.complete(over.getCount() > 0 ? bytes : -1);
            }
        });
        return sent;
    }

    private void serve(Reply reply) {
        Thread thread = new Thread(() -> {
            while (!listener.isClosed()) {
                try (Socket socket = listener.accept()) {
                    assertThat(socket.getInputStream().read(new byte[4_096])).isPositive();
                    reply.write(socket.getOutputStream());
                } catch (IOException | InterruptedException closed) {
                    // The client or the test has ended the connection.
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
