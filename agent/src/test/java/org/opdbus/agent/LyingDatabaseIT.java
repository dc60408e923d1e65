// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A database that sends invalid answers: the agent logs it, reconnects, and works when the answers are valid. */
final class LyingDatabaseIT {
    private final Path folder = folder();
    private final Path socket = folder.resolve("db.sock");
    private final TestHost scene = new TestHost(Map.of("ovsdb", Map.of("socket", socket.toString())));

    /** Its answer to the first request of a connection, whose id is 0. */
    enum Lie {
        HUNDRED_THOUSAND_BRIDGES {
            @Override
            String answer() {
                StringBuilder rows = new StringBuilder("{\"Bridge\":{");
                for (int i = 0; i < 100_000; i++) {
                    rows.append(i == 0 ? "" : ",")
                            .append(String.format("\"%08d-0000-0000-0000-000000000000\":{\"initial\":{", i))
                            .append("\"name\":\"b")
                            .append(i)
                            .append("\",\"datapath_type\":\"\",\"ports\":[\"set\",[]]}}");
                }
                return rows.append("}}").toString();
            }
        },
        FIFTY_MEGABYTES {
            @Override
            String answer() {
                // As a value, because Jackson refuses a long name by itself.
                return "{\"Bridge\":{\"a\":{\"initial\":{\"name\":\"" + "x".repeat(50 << 20) + "\"}}}}";
            }
        },
        ARRAY {
            @Override
            String answer() {
                return "[]";
            }
        },
        TEXT {
            @Override
            String answer() {
                return "\"yes\"";
            }
        },
        WRONG_COLUMN {
            @Override
            String answer() {
                return "{\"Bridge\":{\"a\":{\"initial\":{\"name\":7,\"ports\":{\"a\":[]}}}}}";
            }
        },
        WRONG_UPDATE {
            @Override
            String answer() {
                return "{}";
            }

            @Override
            String next() {
                return "{\"id\":null,\"method\":\"update2\",\"params\":[\"op-dbus\",{\"Bridge\":{\"a\":{\"modify\":{}}}}]}";
            }
        };

        abstract String answer();

        String next() {
            return "";
        }
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("op-dbus-lie");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void close() throws IOException {
        scene.close();
        Files.deleteIfExists(socket);
        Files.delete(folder);
    }

    @ParameterizedTest
    @EnumSource(Lie.class)
    void an_invalid_answer_is_logged_and_the_question_repeated(Lie lie) throws Exception {
        AtomicInteger connections = new AtomicInteger();
        byte[] answer = ("{\"id\":0,\"error\":null,\"result\":" + lie.answer() + "}" + lie.next())
                .getBytes(StandardCharsets.UTF_8);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread liar = new Thread(() -> lie(server, answer, connections), "liar");
            liar.start();
            scene.agent.start();
            eventually(() ->
                    assertThat(connections.get()).as(scene.agent.logText()).isGreaterThanOrEqualTo(4));
            assertThat(scene.agent.isAlive()).as(scene.agent.logText()).isTrue();
            assertThat(scene.agent.logText())
                    .contains("database, trying again: ")
                    .doesNotContain("\tat ");
            Files.delete(socket);
        }
        scene.ovs.start();
        scene.ovs.addBridge(TestHost.BRIDGE);
        Files.createSymbolicLink(socket, scene.ovs.socket());
        scene.run("100");
        scene.awaitEnrolled("100", "vi100");
        assertThat(new ProcessFigures(scene.agent.pid()).residentMaxKib())
                .as("KiB resident at most")
                .isLessThan(180 << 10);
    }

    private static void lie(ServerSocketChannel server, byte[] answer, AtomicInteger connections) {
        while (server.isOpen()) {
            try (SocketChannel connection = server.accept()) {
                connections.incrementAndGet();
                connection.read(ByteBuffer.allocate(1 << 16));
                ByteBuffer left = ByteBuffer.wrap(answer);
                while (left.hasRemaining()) {
                    connection.write(left);
                }
                // Until the agent closes the connection.
                while (connection.read(ByteBuffer.allocate(1 << 16)) >= 0) {}
            } catch (IOException e) {
                // The agent has closed the connection, or the test has closed the server: the next
                // caller is served.
            }
        }
    }
}
