// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.testing.Laboratory;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.LxcContainers;
import org.opdbus.verticles.testing.LxcContainers.Definition;

/** A lab of real containers in a real agent, by the commands that a user calls. */
class LabsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LxcContainers containers = new LxcContainers();

    @TempDir
    Path folder;

    private AgentProcess agent;
    private String before = "";

    @BeforeEach
    void begin() throws IOException {
        Laboratory.require();
        Files.createDirectories(Path.of("/run/netns"));
        before = host();
        agent = new AgentProcess(
                Files.createDirectory(folder.resolve("agent")),
                Map.of(
                        "ovsdb", Map.of("socket", folder.resolve("none").toString()),
                        "lxc", Map.of("path", containers.lxcPath().toString())));
        agent.start();
    }

    @AfterEach
    void end() {
        if (agent.isAlive()) {
            lab("remove");
        }
        agent.close();
        containers.close();
    }

    @Test
    void a_lab_outlives_its_agent_and_leaves_nothing() throws Exception {
        for (String id : List.of("a", "b")) {
            containers.create(Definition.of(id).withoutNetwork());
        }
        assertThat(lab("start", "--empty").out()).isEqualTo("OK\n");
        for (String id : List.of("a", "b")) {
            assertThat(lab("add", "lxc", id).out()).isEqualTo("OK\n");
            assertThat(lab("add", "lan", id, "0", "lan01").out()).isEqualTo("OK\n");
        }
        containers.attach("a", "ip", "addr", "add", "10.7.0.1/24", "dev", "eth0");
        containers.attach("b", "ip", "addr", "add", "10.7.0.2/24", "dev", "eth0");
        assertThat(containers.attach("a", "ping", "-c", "1", "10.7.0.2")).contains("1 packets received");
        assertThat(host()).isEqualTo(before);
        assertThat(lab("vsctl", "list-ports", "_b_lan01").out().lines())
                .containsExactlyInAnyOrder("_k_1_0", "s_k_1_0", "_k_2_0", "s_k_2_0");
        JsonNode shown = JSON.readTree(lab("show", "--json").out());
        String dump = lab("dump").out();
        assertThat(agent.ledger("lab.started", "nemo")).hasSize(1);
        assertThat(agent.ledger("endpoint.joined", "nemo")).hasSize(2);

        agent.kill();
        assertThat(containers.attach("a", "ping", "-c", "1", "10.7.0.2")).contains("1 packets received");
        agent.start();

        eventually(() -> assertThat(JSON.readTree(lab("show", "--json").out())).isEqualTo(shown));
        assertThat(lab("del", "lan", "b", "0", "lan01").out()).isEqualTo("OK\n");
        assertThat(lab("stop").out()).isEqualTo("OK\n");
        assertThat(containers.state("a")).isEqualTo("STOPPED");
        assertThat(lab("dump").out()).isEqualTo(dump.replace("add lan b 0 lan01\n", ""));
        assertThat(lab("remove").out()).isEqualTo("OK\n");
        assertThat(host()).isEqualTo(before);
        assertThat(Links.ip("netns", "list")).isEmpty();
        try (Stream<Path> left = Files.list(folder.resolve("agent/run/labs"))) {
            assertThat(left).isEmpty();
        }
        // An agent that takes a lab over starts nothing, and tells only what changed.
        assertThat(agent.ledger("lab.started", "nemo")).hasSize(1);
        assertThat(agent.ledger("endpoint.joined", "nemo")).hasSize(2);
        assertThat(agent.ledger("lab.stopped", "nemo")).hasSize(1);
    }

    @Test
    void a_host_without_labs_has_no_thread_for_them() throws Exception {
        assertThat(threads()).noneMatch(name -> name.startsWith("op-dbus-lab"));

        assertThat(lab("start").out()).isEqualTo("OK\n");

        assertThat(threads()).anyMatch(name -> name.startsWith("op-dbus-lab"));
    }

    private List<String> threads() throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(agent.pid()), "task"))) {
            return tasks.map(LabsIT::name).toList();
        }
    }

    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm"));
        } catch (IOException ended) {
            return "";
        }
    }

    private TestCommand.Result lab(String... words) {
        return TestCommand.run(
                agent.config(),
                Stream.concat(Stream.of("lab", "nemo"), Stream.of(words)).toArray(String[]::new));
    }

    /** The links of the host, without what comes and goes by itself. */
    private static String host() {
        return Links.ip("-d", "link") + Links.ip("address");
    }
}
