// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClusterCommandTest {
    @TempDir
    Path folder;

    private Path config;

    @BeforeEach
    void configure() throws Exception {
        config = Files.writeString(folder.resolve("op-dbus.json"), """
                {"host": "host1", "runtime": {"dir": "%1$s/run"}, "cluster": {"dir": "%1$s/cluster"}}
                """.formatted(folder));
    }

    @Test
    void a_founded_cluster_has_one_member_and_its_files_are_root_s_alone() throws Exception {
        CommandRun init = cluster("init");
        assertThat(init.status()).as(init.err()).isZero();
        assertThat(init.out()).matches("[0-9a-f]{64}\n");
        assertThat(init.err())
                .contains("run \"op-dbus cluster token\" here")
                .contains("cluster.enabled is false")
                .contains("cluster.listen is 127.0.0.1:7800");

        CommandRun list = cluster("list", "--json");
        var member = new ObjectMapper().readTree(list.out()).get(0);
        assertThat(member.get("host").asText()).isEqualTo("host1");
        assertThat(member.get("state").asText()).isEqualTo("unknown");
        assertThat(cluster("list").out()).startsWith("HOST").contains("host1", "127.0.0.1:7800", "newest");

        CommandRun again = cluster("init");
        assertThat(again.status()).isEqualTo(2);
        assertThat(again.err()).contains("this host is in a cluster already");
    }

    @Test
    void an_engine_that_does_not_listen_is_not_asked_for_another_address() throws Exception {
        Files.writeString(config, """
                {"host": "host1", "runtime": {"dir": "%1$s/run"},
                 "cluster": {"dir": "%1$s/cluster", "engine": "nats", "nats": {"servers": ["tls://10.0.0.1:4222"]}}}
                """.formatted(folder));
        CommandRun init = cluster("init");
        assertThat(init.status()).as(init.err()).isZero();
        assertThat(init.err()).contains("cluster.enabled is false").doesNotContain("cluster.listen");
    }

    @Test
    void without_an_identity_it_says_how_to_get_one() throws Exception {
        for (List<String> words : List.of(List.of("list"), List.of("rotate"))) {
            CommandRun run = cluster(words.toArray(String[]::new));
            assertThat(run.status()).isEqualTo(2);
            assertThat(run.err()).contains("run \"op-dbus cluster init\" or \"op-dbus cluster join\"");
        }
        for (List<String> words : List.of(List.of("token"), List.of("remove", "b"), List.of("rotate", "--ca"))) {
            CommandRun run = cluster(words.toArray(String[]::new));
            assertThat(run.status()).isEqualTo(2);
            assertThat(run.err()).contains("this host does not hold the cluster's CA");
        }
        assertThat(folder.resolve("cluster")).doesNotExist();
    }

    @Test
    void a_token_in_the_arguments_is_refused_and_not_repeated() throws Exception {
        assertThat(cluster("init").status()).isZero();
        String token = cluster("token", "--ttl", "1m").out().strip();
        assertThat(token).startsWith("opdbus1.");
        CommandRun join = cluster("join", "127.0.0.1:1", "--token", token);
        assertThat(join.status()).isEqualTo(2);
        assertThat(join.err()).contains("--token takes a file or -").doesNotContain(token);
        assertThat(join.err().lines()).hasSize(1);
    }

    @Test
    void a_life_that_is_no_time_or_too_long_is_refused() throws Exception {
        for (String life : List.of("15", "25h", "0s", "-1m", "soon")) {
            CommandRun token = cluster("token", "--ttl=" + life);
            assertThat(token.status()).isEqualTo(2);
            assertThat(token.err()).contains("from 1s to 24h");
        }
    }

    @Test
    void a_join_server_that_does_not_answer_is_reported_in_one_line() throws Exception {
        assertThat(cluster("init").status()).isZero();
        Path token = Files.writeString(folder.resolve("token"), cluster("token").out());
        Path other = Files.writeString(
                folder.resolve("other.json"),
                "{\"host\": \"host2\", \"cluster\": {\"dir\": \"%s/other\"}}".formatted(folder));
        CommandRun join = CommandRun.of(
                "--config", other.toString(), "cluster", "join", "127.0.0.1:1", "--token", token.toString());
        assertThat(join.status()).isEqualTo(2);
        assertThat(join.err()).startsWith("op-dbus: cannot ask at 127.0.0.1:1: Connection refused");
        assertThat(join.err().lines()).hasSize(1);
        assertThat(Files.exists(folder.resolve("other"))).isFalse();
    }

    @Test
    void who_is_no_member_cannot_be_removed_nor_can_the_holder_of_the_ca() throws Exception {
        assertThat(cluster("init").status()).isZero();
        assertThat(cluster("remove", "host9").err()).contains("there is no member called host9");
        assertThat(cluster("remove", "host1").err()).contains("this host holds the CA");
        assertThat(cluster("rotate").err()).contains("a new key and certificate");
        assertThat(cluster("rotate", "--finish").err()).contains("the CA is not being replaced");
        assertThat(cluster("rotate", "--ca").out()).matches("[0-9a-f]{64}\n");
        assertThat(cluster("rotate", "--finish").err()).contains("members no longer accept the old CA");
    }

    private CommandRun cluster(String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("--config", config.toString(), "cluster"));
        all.addAll(List.of(words));
        return CommandRun.of(all.toArray(String[]::new));
    }
}
