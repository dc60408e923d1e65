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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.agent.TestCommand.Result;
import org.opdbus.verticles.testing.PrivateEngine;

/** Entries of the state file that attach containers of a real engine, as a user applies them. */
abstract class AttachmentCases {
    private static final ObjectMapper JSON = new ObjectMapper();
    static final Result SILENCE = new Result(0, "", "");
    private static final String WEB =
            "{\"name\":\"web\",\"mtu\":1400,\"properties\":{\"vlan\":20,\"ipv4\":\"10.9.0.80/24\"}}";

    final TestHost scene;
    private final String plugin;
    private final PrivateEngine engine;

    @TempDir
    Path folder;

    /**
     * Creates the cases of an engine.
     *
     * @param plugin {@code docker} or {@code podman}
     */
    AttachmentCases(String plugin, PrivateEngine engine) {
        this.plugin = plugin;
        this.engine = engine;
        scene = new TestHost(Map.of(
                "workloads", Map.of(plugin, Map.of("socket", engine.socket().toString()))));
    }

    @BeforeEach
    void start() {
        engine.start();
        scene.start();
    }

    @AfterEach
    void close() {
        engine.close();
        scene.close();
    }

    @Test
    void a_running_container_is_attached_and_stays_so_until_its_entry_is_pruned() throws IOException {
        String port = port(engine.run("web", List.of()));
        awaitKnown("web");
        Path state = entries(WEB);
        Result diff = run("diff", "--exit-code", "--plugin", plugin, state.toString());
        assertThat(diff.status()).as(diff.toString()).isEqualTo(1);
        JsonNode actions = JSON.readTree(diff.out()).at("/0/actions");
        assertThat(JSON.readTree(diff.out()).at("/0/plugin").asText()).isEqualTo(plugin);
        assertThat(actions.at("/0/Modify/resource").asText()).isEqualTo("web");

        Result applied = apply(state);
        assertThat(applied.lines())
                .containsExactlyInAnyOrder(
                        "Added " + port + " to bridge vmbr0",
                        "Set mtu of container " + plugin + ":web to 1400",
                        "Set ipv4 of container " + plugin + ":web to 10.9.0.80/24",
                        "Put " + port + " into VLAN 20",
                        "Blockchain footprint recorded");
        assertThat(scene.ovs.vsctl("get", "Port", port, "tag").strip()).isEqualTo("20");
        assertThat(engine.exec("web", "ip", "addr", "show", "eth0")).contains("mtu 1400", "10.9.0.80/24");
        assertThat(apply(state)).isEqualTo(SILENCE);
        assertThat(JSON.readTree(run("diff", "--exit-code", state.toString()).out()))
                .isEmpty();
        Path introspected = folder.resolve("introspected.json");
        assertThat(run("init", "--introspect", introspected.toString()).status())
                .isZero();
        assertThat(JSON.readTree(Files.readString(introspected)).at("/plugins/" + plugin + "/containers/0"))
                .isEqualTo(JSON.readTree(WEB));

        engine.run("restart", "web");
        eventually(() ->
                assertThat(scene.ovs.vsctl("get", "Port", port, "tag").strip()).isEqualTo("20"));

        Path empty = entries("");
        assertThat(apply(empty).err()).contains("its entry stays in force until it is taken back with --prune");
        assertThat(scene.ports()).containsExactly(port);
        Result pruned = run("apply", "--prune", empty.toString());
        assertThat(pruned.lines().get(0)).startsWith("Took back the entry of container " + plugin + ":web");
        assertThat(scene.ports()).isEmpty();
        assertThat(engine.initPid("web")).as("it runs").isPositive();
        assertThat(run("apply", "--prune", empty.toString())).isEqualTo(SILENCE);
        assertThat(run("verify", "--full").status()).isZero();
    }

    @Test
    void an_entry_waits_for_its_container_and_survives_the_agent() throws IOException {
        Path state = entries(WEB);
        assertThat(apply(state).lines())
                .containsExactly(
                        "Container " + plugin + ":web is attached to bridge vmbr0 when it starts",
                        "Blockchain footprint recorded");
        assertThat(apply(state)).isEqualTo(SILENCE);
        scene.agent.kill();
        scene.agent.start();

        String port = port(engine.run("web", List.of("--label", "opdbus.vlan=30")));
        eventually(() -> assertThat(scene.ports()).containsExactly(port));
        assertThat(scene.ovs.vsctl("get", "Port", port, "tag").strip())
                .as("the entry wins over the label")
                .isEqualTo("20");
        Result pruned = run("apply", "--prune", entries("").toString());
        assertThat(pruned.status()).as(pruned.toString()).isZero();
        eventually(() -> assertThat(scene.ovs.vsctl("get", "Port", port, "tag").strip())
                .as("without the entry the label decides")
                .isEqualTo("30"));
    }

    @Test
    void a_running_container_is_attached_without_an_agent() throws IOException {
        scene.agent.kill();
        String port = port(engine.run("web", List.of()));
        assertThat(apply(entries(WEB)).lines()).contains("Added " + port + " to bridge vmbr0");
        assertThat(scene.ovs.vsctl("get", "Port", port, "tag").strip()).isEqualTo("20");
    }

    @Test
    void a_command_without_an_agent_says_that_an_engine_hangs_and_goes_on() {
        scene.agent.kill();
        String pid = Long.toString(engine.pid());
        TestHost.sh("kill", "-STOP", pid);
        try {
            Result shown = run("query", "--plugin", plugin);
            assertThat(shown.status()).as(shown.toString()).isZero();
            assertThat(shown.err()).contains("cannot hear " + plugin, "no answer to GET /version within 3000 ms");
        } finally {
            TestHost.sh("kill", "-CONT", pid);
        }
    }

    /** Waits until the agent has heard of a container. */
    private void awaitKnown(String name) {
        eventually(() -> assertThat(
                        JSON.readTree(run("query", "--plugin", plugin).out()).findValuesAsText("name"))
                .contains(name));
    }

    private static String port(String id) {
        return "vi" + id.substring(0, 12);
    }

    private Path entries(String entries) throws IOException {
        return state("\"" + plugin + "\":{\"containers\":[" + entries + "]}");
    }

    final Path state(String plugins) throws IOException {
        return Files.writeString(folder.resolve("state.json"), "{\"version\":1,\"plugins\":{" + plugins + "}}");
    }

    final Result apply(Path state) {
        Result result = run("apply", state.toString());
        assertThat(result.status()).as("%s\n%s", result, scene.agent.logText()).isZero();
        return result;
    }

    private Result run(String... arguments) {
        return TestCommand.run(scene.agent.config(), arguments);
    }
}
