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
import org.opdbus.ledger.Entry;

/** Two real agents become a cluster by three commands, and notice when the other appears and leaves. */
final class ClusterIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void two_agents_become_a_cluster_by_three_commands_and_see_each_other_come_and_go() throws IOException {
        try (AgentProcess alpha = agent("alpha", "127.0.0.1:7800");
                AgentProcess beta = agent("beta", "127.0.0.1:7810")) {
            TestCommand.Result early = TestCommand.run(alpha.config(), "run");
            assertThat(early.status()).as(early.toString()).isEqualTo(2);
            assertThat(early.err()).contains("op-dbus cluster init");

            assertThat(TestCommand.run(alpha.config(), "cluster", "init").status())
                    .isZero();
            alpha.start();
            Path token = Files.createFile(
                    folder.resolve("token"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            String secret =
                    TestCommand.run(alpha.config(), "cluster", "token").out().strip();
            Files.writeString(token, secret);
            TestCommand.Result joined =
                    TestCommand.run(beta.config(), "cluster", "join", "127.0.0.1:7802", "--token", token.toString());
            assertThat(joined.status()).as(joined.toString()).isZero();
            beta.start();

            awaitState(alpha, "beta", "here");
            awaitState(beta, "alpha", "here");

            // From the beginning, so that it does not matter when the command is ready.
            TestCommand events =
                    TestCommand.start(alpha.config(), "events", "-f", "--all-hosts", "--since", "1", "--json");
            TestCommand entries = TestCommand.start(alpha.config(), "ledger", "tail", "-f", "--all-hosts", "--json");
            eventually(() -> assertThat(entries.out()).contains("\"host\":\"alpha\""));
            define(beta, "100");
            awaitContainer(alpha, "up");
            eventually(() -> assertThat(events.out()).contains("\"host\":\"beta\",\"kind\":\"container.defined\""));

            beta.kill();
            awaitState(alpha, "beta", "away");
            awaitContainer(alpha, "away");
            beta.start();
            awaitState(alpha, "beta", "here");
            awaitContainer(alpha, "up");
            eventually(() -> assertThat(entries.out().lines())
                    .containsAll(beta.ledger("agent.started", "beta").stream()
                            .skip(1)
                            .map(Entry::line)
                            .toList()));
            events.kill();
            entries.kill();

            assertThat(alpha.logText() + beta.logText()).doesNotContain(secret);
            // The local work is not affected.
            assertThat(alpha.verification().intact()).isTrue();
        }
    }

    private static void define(AgentProcess on, String container) throws IOException {
        Path definition = Files.createDirectories(on.folder().resolve("lxc").resolve(container));
        Files.writeString(definition.resolve("config"), "lxc.uts.name = " + container + "\n");
    }

    /** Returns beta's container as alpha's commands and its database show it. */
    private static void awaitContainer(AgentProcess alpha, String hostState) {
        eventually(() -> {
            TestCommand.Result result = TestCommand.run(alpha.config(), "query", "--all-hosts");
            assertThat(result.status()).as(result.toString()).isZero();
            JsonNode container = JSON.readTree(result.out()).at("/plugins/lxc/containers/0");
            assertThat(container.path("id").asText()).isEqualTo("100");
            assertThat(container.path("host").asText()).isEqualTo("beta");
            assertThat(container.path("host_state").asText()).isEqualTo(hostState);
        });
        String database = "unix:" + alpha.controlSocket().resolveSibling("nonnet.db.sock");
        eventually(() -> {
            assertThat(TestHost.sh(
                            "ovsdb-client",
                            "-f",
                            "csv",
                            "--data=bare",
                            "dump",
                            database,
                            "OpNonNet",
                            "host",
                            "name",
                            "state"))
                    .contains("alpha,self", "beta," + hostState);
            assertThat(TestHost.sh(
                            "ovsdb-client",
                            "-f",
                            "csv",
                            "--data=bare",
                            "dump",
                            database,
                            "OpNonNet",
                            "lxc",
                            "host",
                            "id"))
                    .contains("beta,100");
        });
    }

    private AgentProcess agent(String host, String listen) throws IOException {
        Path own = Files.createDirectory(folder.resolve(host));
        Files.createDirectory(own.resolve("lxc"));
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
            TestCommand.Result result = TestCommand.run(asked.config(), "cluster", "list", "--json");
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
