// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two real agents become a cluster by three commands, and see each other come and go. */
final class ClusterIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void two_agents_become_a_cluster_by_three_commands_and_see_each_other_come_and_go() throws IOException {
        try (AgentProcess alpha = agent("alpha", "127.0.0.1:7800");
                AgentProcess beta = agent("beta", "127.0.0.1:7810")) {
            Command.Result early = Command.run(alpha.config(), "run");
            assertThat(early.status()).as(early.toString()).isEqualTo(2);
            assertThat(early.err()).contains("op-dbus cluster init");

            assertThat(Command.run(alpha.config(), "cluster", "init").status()).isZero();
            alpha.start();
            Path token = Files.createFile(
                    folder.resolve("token"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            String secret =
                    Command.run(alpha.config(), "cluster", "token").out().strip();
            Files.writeString(token, secret);
            Command.Result joined =
                    Command.run(beta.config(), "cluster", "join", "127.0.0.1:7802", "--token", token.toString());
            assertThat(joined.status()).as(joined.toString()).isZero();
            beta.start();

            awaitState(alpha, "beta", "here");
            awaitState(beta, "alpha", "here");
            beta.kill();
            awaitState(alpha, "beta", "away");
            beta.start();
            awaitState(alpha, "beta", "here");

            assertThat(alpha.logText() + beta.logText()).doesNotContain(secret);
            // Nobody's local life has to do with it.
            assertThat(alpha.verification().intact()).isTrue();
        }
    }

    private AgentProcess agent(String host, String listen) throws IOException {
        Path own = Files.createDirectory(folder.resolve(host));
        String address = listen.substring(0, listen.length() - 1);
        return new AgentProcess(
                own,
                Map.of(
                        "host", host,
                        "ovsdb", Map.of("socket", own.resolve("none.sock").toString()),
                        "lxc", Map.of("path", own.resolve("lxc").toString(), "driver", "lxc"),
                        "http", Map.of("listen", "127.0.0.1:0"),
                        "cluster",
                                Map.of(
                                        "enabled",
                                        true,
                                        "listen",
                                        listen,
                                        "bus",
                                        address + "1",
                                        "door",
                                        address + "2")));
    }

    private static void awaitState(AgentProcess asked, String host, String state) {
        eventually(() -> {
            Command.Result result = Command.run(asked.config(), "cluster", "list", "--json");
            assertThat(result.status()).as(result.toString()).isZero();
            for (JsonNode member : JSON.readTree(result.out())) {
                if (member.path("host").asText().equals(host)) {
                    assertThat(member.path("state").asText())
                            .as(asked.logText())
                            .isEqualTo(state);
                    return;
                }
            }
            throw new AssertionError(host + " is not in " + result.out());
        });
    }
}
