// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What any local user can do to a real agent over HTTP; the agent has the heap that it has in production. */
final class HostileHttpIT {
    private static final String HEALTH = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String METRICS = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static final String LAST = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private TestHost scene = new TestHost(Map.of());

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void callers_that_ask_without_end_and_read_nothing_end_with_themselves() {
        scene.start();
        try (Flood flood = Flood.of(Flood.http(), 60, HEALTH + METRICS)) {
            holds(flood);
        }
    }

    @Test
    void callers_without_the_token_do_no_more() throws Exception {
        scene.close();
        Path token = Files.createTempFile("http", ".token");
        Files.writeString(token, "0123456789abcdef0123");
        scene = new TestHost(Map.of("http", Map.of("listen", "0.0.0.0:8080", "tokenFile", token.toString())));
        scene.start();
        try (Flood flood = Flood.of(Flood.http(), 60, HEALTH)) {
            holds(flood);
        } finally {
            Files.delete(token);
        }
    }

    @Test
    void nine_thousand_idle_connections_are_not_kept() {
        scene.start();
        try (Flood flood = Flood.once(Flood.http(), 9_000, "GET /heal")) {
            holds(flood);
            assertThat(new ProcessFigures(scene.agent.pid()).descriptors()).isLessThan(300);
        }
    }

    @Test
    void half_a_request_is_waited_for_only_so_long() throws Exception {
        scene.start();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), 8080)) {
            socket.getOutputStream().write("GET /healthz HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(15_000);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void requests_in_one_piece_are_answered_one_after_the_other() throws Exception {
        scene.agent.start();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), 8080)) {
            socket.getOutputStream()
                    .write(("\r\n" + HEALTH.repeat(999)
                                    + "HEAD /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(1_001);
        }
    }

    @Test
    void http_2_in_clear_text_is_not_spoken() throws Exception {
        scene.agent.start();
        assertThat(answer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).contains("501 Not Implemented");
        assertThat(answer(
                        "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                                + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
                                + LAST))
                .doesNotContain("101 ");
    }

    @Test
    void a_request_that_is_too_long_is_refused() throws Exception {
        scene.agent.start();
        assertThat(answer("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(9_000) + "\r\n\r\n"))
                .contains(" 431 ");
        assertThat(answer("GET /" + "x".repeat(5_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .contains(" 414 ");
        assertThat(answer("GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello"))
                .startsWith("HTTP/1.1 413 ");
    }

    /** During the attack a container is enrolled, another caller gets its answer, and the agent stays small. */
    private void holds(Flood flood) {
        ProcessFigures figures = new ProcessFigures(scene.agent.pid());
        scene.run("100");
        scene.awaitEnrolled("100", "vi100");
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        do {
            eventually(() -> assertThat(answer(LAST)).startsWith("HTTP/1.1 "));
        } while (System.nanoTime() < end && scene.agent.isAlive());
        assertThat(flood.opened()).as("connections of the attack").isGreaterThanOrEqualTo(60);
        assertThat(scene.agent.isAlive()).as(scene.agent.logText()).isTrue();
        assertThat(figures.residentMaxKib()).as("KiB resident at most").isLessThan(150 << 10);
    }

    private static String answer(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), 8080)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
