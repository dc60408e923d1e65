// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a member of the read-only group can do to a real agent; the agent has the heap that it has in production. */
final class HostileNonNetIT {
    private static final String GET_SCHEMA = "{\"id\":1,\"method\":\"get_schema\",\"params\":[\"OpNonNet\"]}";
    private static final String SELECT = "{\"op\":\"select\",\"table\":\"link\",\"where\":[]}";

    private final TestHost scene = new TestHost(Map.of());

    @AfterEach
    void close() {
        scene.close();
    }

    private Path socket() {
        return scene.agent.folder().resolve("run/nonnet.db.sock");
    }

    @Test
    void unfinished_messages_of_many_objects_end_with_their_connections() {
        scene.start();
        String message = "{\"id\":1,\"method\":\"list_dbs\",\"params\":[" + "{},".repeat(87_000);
        assertThat(message.length()).isBetween(254 << 10, 256 << 10);
        try (Flood flood = Flood.once(Flood.unix(socket()), 13, message)) {
            holds(flood);
        }
    }

    @Test
    void unfinished_messages_of_long_text_end_with_their_connections() {
        scene.start();
        try (Flood flood = Flood.once(Flood.unix(socket()), 500, "{\"id\":\"" + "x".repeat(250 << 10))) {
            holds(flood);
        }
    }

    @Test
    void slow_readers_of_the_schema_end_with_themselves() {
        scene.start();
        try (Flood flood = Flood.of(Flood.unix(socket()), 64, GET_SCHEMA)) {
            holds(flood);
        }
    }

    @Test
    void transactions_of_many_selects_that_are_not_read_end_with_their_connections() {
        scene.start();
        for (int i = 0; i < 300; i++) {
            TestHost.sh("ip", "link", "add", "h" + i, "type", "veth", "peer", "name", "p" + i);
        }
        String selects =
                "{\"id\":1,\"method\":\"transact\",\"params\":[\"OpNonNet\"" + ("," + SELECT).repeat(64) + "]}";
        try (Flood flood = Flood.of(Flood.unix(socket()), 64, selects)) {
            holds(flood);
        }
    }

    @Test
    void monitors_are_kept_only_as_far_as_there_is_room() {
        scene.start();
        StringBuilder monitors = new StringBuilder();
        String longText = "x".repeat(200_000);
        for (int i = 0; i < 64; i++) {
            monitors.append("{\"id\":1,\"method\":\"monitor_cond\",\"params\":[\"OpNonNet\",")
                    .append(i)
                    .append(",{\"link\":[{\"where\":[[\"name\",\"==\",\"")
                    .append(longText)
                    .append("\"]]}]}]}");
        }
        try (Flood flood = Flood.once(Flood.unix(socket()), 64, monitors.toString())) {
            holds(flood);
        }
    }

    @Test
    void an_identifier_that_no_double_can_be_ends_its_connection_only() throws IOException {
        scene.start();
        try (Flood flood = Flood.of(Flood.unix(socket()), 1, "{\"id\":1e400,\"method\":\"list_dbs\",\"params\":[]}")) {
            scene.run("100");
            scene.awaitEnrolled("100", "vi100");
            assertThat(flood.opened()).isPositive();
        }
        assertThat(scene.agent.isAlive()).isTrue();
        assertThat(scene.agent.logText()).doesNotContain("\tat ", "Exception");
    }

    @Test
    void a_taken_socket_is_logged_in_one_line_and_the_rest_of_the_agent_runs() throws IOException {
        Files.createDirectories(socket().getParent());
        Files.createSymbolicLink(socket(), Path.of("/nowhere"));
        scene.start();
        scene.run("100");
        scene.awaitEnrolled("100", "vi100");
        assertThat(scene.agent.logText())
                .containsOnlyOnce("nonnet=not-served")
                .contains(socket().toString(), "move it away")
                .doesNotContain("\tat ");
        assertThat(socket()).isSymbolicLink();
    }

    /** During the attack a container is enrolled, another client gets its answer, and the agent stays small. */
    private void holds(Flood flood) {
        ProcessFigures figures = new ProcessFigures(scene.agent.pid());
        scene.run("100");
        scene.awaitEnrolled("100", "vi100");
        long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
        do {
            assertThat(TestHost.sh("ovsdb-client", "--timeout=60", "list-dbs", "unix:" + socket()))
                    .isEqualTo("OpNonNet\n");
        } while (System.nanoTime() < end && scene.agent.isAlive());
        assertThat(flood.opened()).as("connections of the attack").isPositive();
        assertThat(scene.agent.isAlive()).as(scene.agent.logText()).isTrue();
        // The heap is at most 96 MiB; what an attack takes of it is given back only later.
        assertThat(figures.residentMaxKib()).as("KiB resident at most").isLessThan(150 << 10);
    }
}
