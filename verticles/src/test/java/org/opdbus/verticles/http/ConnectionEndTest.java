// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections whose requests have a body, which the server never reads to its end, over real sockets. */
final class ConnectionEndTest {
    /** Shorter than the limit of time for an answer, which ended such a connection before. */
    private static final int END_MS_MAX = 8_000;

    private final TestWebServer server = TestWebServer.open(WebFace.at("/healthz", vertx -> new HealthRoute()));

    @AfterEach
    void close() {
        server.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(END_MS_MAX);
        return socket;
    }

    private void send(Socket socket, String header, String body) throws IOException {
        socket.getOutputStream()
                .write(("POST /healthz HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\n" + header + "\r\n\r\n"
                                + body)
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    @Test
    void a_connection_ends_with_the_answer_if_the_body_is_not_whole() throws IOException {
        for (String body : new String[] {"", "5\r\nhel", "5\r\nhello\r\n", "5\r\nhello\r\n0\r\n\r\n"}) {
            try (Socket socket = connect()) {
                send(socket, "Transfer-Encoding: chunked", body);
                assertThat(answer(socket))
                        .startsWith("HTTP/1.1 405 ")
                        .contains("connection: close\r\n")
                        .endsWith("only GET and HEAD are allowed\n");
            }
        }
    }

    @Test
    void a_caller_that_is_still_sending_does_not_lose_its_answer() throws IOException {
        try (Socket socket = connect()) {
            send(socket, "Content-Length: 1000000", "x".repeat(200_000));
            for (int i = 0; i < 8; i++) {
                socket.getOutputStream().write(new byte[100_000]);
            }
            assertThat(answer(socket)).startsWith("HTTP/1.1 405 ").endsWith("only GET and HEAD are allowed\n");
        }
    }

    @Test
    void a_caller_that_sends_without_end_is_disconnected() throws IOException {
        try (Socket socket = connect()) {
            send(socket, "Transfer-Encoding: chunked", "");
            OutputStream out = socket.getOutputStream();
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100_000; i++) {
                            out.write(new byte[1_000]);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_caller_that_does_not_close_is_disconnected() throws IOException {
        try (Socket socket = connect()) {
            send(socket, "Transfer-Encoding: chunked", "");
            assertThat(answer(socket)).startsWith("HTTP/1.1 405 ");
            OutputStream out = socket.getOutputStream();
            // These few bytes are below the limit of bytes, so the limit of time ends the connection.
            eventually(() -> assertThatThrownBy(() -> out.write('x')).isInstanceOf(IOException.class));
        }
    }
}
