// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

class NatsServersIT {
    private static final int ANSWER_MILLIS_MAX = 10_000;

    @Test
    void three_servers_serve_members_survive_the_loss_of_one_and_leave_nothing() throws Exception {
        NatsServers servers = new NatsServers(3);
        try (servers) {
            servers.start();
            assertThat(servers.urls())
                    .containsExactly("tls://127.0.0.1:4222", "tls://127.0.0.1:4223", "tls://127.0.0.1:4224");
            SSLContext member = servers.tls("alpha");
            for (String url : servers.urls()) {
                assertThat(greet(url, member)).isEqualTo("PONG");
            }
            assertThatThrownBy(() -> greet(servers.urls().get(0), SSLContext.getDefault()))
                    .isInstanceOf(IOException.class);

            servers.kill(1);
            eventually(() -> assertThat(
                            servers.server(0).isReady() && servers.server(2).isReady())
                    .isTrue());
            assertThat(servers.server(1).isReady()).isFalse();
            servers.start(1);
            servers.awaitReady();
            assertThat(greet(servers.urls().get(1), member)).isEqualTo("PONG");
        }
        assertThat(servers.store(0).getParent()).doesNotExist();
        assertThat(ProcessHandle.allProcesses()
                        .filter(process -> process.info().command().orElse("").endsWith("nats-server")))
                .isEmpty();
    }

    @Test
    void without_a_quorum_the_last_server_is_not_ready() {
        try (NatsServers servers = new NatsServers(3).start()) {
            servers.kill(0);
            servers.kill(1);
            eventually(() -> assertThat(servers.server(2).isReady()).isFalse());
            servers.server(0).begin();
            servers.server(1).begin();
            servers.awaitReady();
        }
    }

    @Test
    void one_server_alone_is_ready_too() throws Exception {
        try (NatsServers servers = new NatsServers(1).start()) {
            assertThat(greet(servers.urls().get(0), servers.tls("alpha"))).isEqualTo("PONG");
        }
    }

    /** Speaks as little of the protocol as possible; returns the server's answer to PING. */
    private static String greet(String url, SSLContext tls) throws IOException {
        URI where = URI.create(url);
        try (Socket plain = new Socket(where.getHost(), where.getPort())) {
            plain.setSoTimeout(ANSWER_MILLIS_MAX);
            StringBuilder info = new StringBuilder();
            for (int c = plain.getInputStream().read();
                    c >= 0 && c != '\n';
                    c = plain.getInputStream().read()) {
                info.append((char) c);
            }
            assertThat(info).startsWith("INFO {").contains("\"tls_required\":true", "\"jetstream\":true");
            try (Socket socket = tls.getSocketFactory().createSocket(plain, where.getHost(), where.getPort(), true);
                    BufferedReader in = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
                socket.getOutputStream()
                        .write("CONNECT {\"verbose\":false}\r\nPING\r\n".getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().flush();
                String line = in.readLine();
                while (line != null && line.startsWith("INFO ")) {
                    line = in.readLine();
                }
                return String.valueOf(line);
            }
        }
    }
}
