// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.agent.TestCommand.Result;
import org.opdbus.verticles.testing.LxcContainers.Definition;

/**
 * The workflow of the state file on a real host: real containers, a real switch, and the program as a user starts it.
 */
final class ApplyIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Result SILENCE = new Result(0, "", "");

    private final TestHost scene = new TestHost(Map.of());

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        // The driver made these containers, not the scene, so the driver removes them.
        scene.destroyAll();
        scene.close();
    }

    @Test
    void the_seeds_workflow_with_an_agent() throws IOException {
        scene.start();
        workflow();
    }

    @Test
    void the_seeds_workflow_without_an_agent() throws IOException {
        scene.ovs.start();
        scene.ovs.addBridge(TestHost.BRIDGE);
        workflow();
    }

    private void workflow() throws IOException {
        Path state = state("""
                {"id": "100", "veth": "vi100", "bridge": "vmbr0", "running": true,
                 "properties": {"network_type": "bridge", "ipv4": "10.9.0.100/24", "memory": 64}},
                {"id": "101", "properties": {"vlan": 20}}""");

        Result diff = run("diff", "--exit-code", state.toString());
        assertThat(diff.status()).as(diff.toString()).isEqualTo(1);
        assertThat(JSON.readTree(diff.out()).at("/0/actions/0/Create/resource").asText())
                .isEqualTo("100");
        assertThat(run("apply", "--dry-run", state.toString()).lines())
                .containsExactly("Would create container 100 and start it", "Would create container 101 and start it");
        assertThat(query()).isEmpty();

        Result first = run("apply", state.toString());
        assertThat(first.status()).as(first.toString()).isZero();
        assertThat(first.lines())
                .contains(
                        "Created container 100",
                        "Renamed veth to vi100",
                        "Added vi100 to bridge vmbr0",
                        "Created container 101",
                        "Added vi101 to bridge vmbr0",
                        "Blockchain footprint recorded");
        assertThat(first.err()).isEqualTo("2 created, 0 changed, 0 destroyed, 0 unchanged, 0 failed\n");
        assertThat(scene.ports()).containsExactlyInAnyOrder("vi100", "vi101");
        assertThat(scene.ovs.vsctl("get", "Port", "vi101", "tag").strip()).isEqualTo("20");

        assertThat(run("apply", state.toString())).isEqualTo(SILENCE);
        assertThat(JSON.readTree(run("diff", "--exit-code", state.toString()).out()))
                .isEmpty();

        JsonNode container = query().get(0);
        assertThat(container.path("id").asText()).isEqualTo("100");
        assertThat(container.path("veth").asText()).isEqualTo("vi100");
        assertThat(container.path("bridge").asText()).isEqualTo("vmbr0");
        assertThat(container.path("running").asBoolean()).isTrue();
        assertThat(container.at("/properties/ipv4").asText()).isEqualTo("10.9.0.100/24");
        assertThat(container.at("/properties/memory").asLong()).isEqualTo(64);
        assertThat(run("verify", "--full").status()).isZero();
    }

    @Test
    void what_changes_in_the_file_changes_on_the_host_without_a_restart_where_that_can_be() throws IOException {
        scene.start();
        scene.ovs.addBridge("vmbr1");
        apply("""
                {"id": "100", "properties": {"ipv4": "10.9.0.100/24", "gateway": "10.9.0.1", "vlan": 20, "memory": 64}}""");
        String init = init("100");
        assertThat(inside("100", "ip", "-4", "-o", "addr")).contains("10.9.0.100/24");
        assertThat(inside("100", "ip", "route")).contains("default via 10.9.0.1");

        Result changed = apply("""
                {"id": "100", "bridge": "vmbr1", "properties": {"ipv4": "10.9.1.5/16", "vlan": 30, "memory": 96}}""");
        assertThat(changed.lines())
                .contains(
                        "Added vi100 to bridge vmbr1",
                        "Put vi100 into VLAN 30",
                        "Set ipv4 of container 100 to 10.9.1.5/16",
                        "Set memory of container 100 to 96",
                        "Blockchain footprint recorded");
        assertThat(scene.ovs.vsctl("list-ports", "vmbr1").strip()).isEqualTo("vi100");
        assertThat(scene.ovs.vsctl("get", "Port", "vi100", "tag").strip()).isEqualTo("30");
        assertThat(inside("100", "ip", "-4", "-o", "addr"))
                .contains("10.9.1.5/16")
                .doesNotContain("10.9.0.100");

        Result takenBack = apply("{\"id\": \"100\", \"bridge\": \"vmbr1\"}");
        assertThat(takenBack.lines()).contains("Took vi100 out of its VLAN", "Reset ipv4 of container 100");
        assertThat(scene.ovs.vsctl("get", "Port", "vi100", "tag").strip()).isEqualTo("[]");
        assertThat(inside("100", "ip", "-4", "-o", "addr", "show", "eth0")).isBlank();
        assertThat(init("100")).as("it was never restarted").isEqualTo(init);

        Result stopped = apply("{\"id\": \"100\", \"bridge\": \"vmbr1\", \"running\": false}");
        assertThat(stopped.lines()).contains("Stopped container 100");
        assertThat(scene.ovs.vsctl("list-ports", "vmbr1")).isBlank();
        assertThat(apply("{\"id\": \"100\", \"bridge\": \"vmbr1\", \"running\": false}"))
                .isEqualTo(SILENCE);
        assertThat(apply("{\"id\": \"100\", \"bridge\": \"vmbr1\", \"running\": true}")
                        .lines())
                .contains("Started container 100");
        assertThat(scene.agent.ledger("container.changed", "100")).hasSize(4);
    }

    @Test
    void prune_destroys_what_the_last_file_had_and_nothing_else() throws IOException {
        scene.start();
        scene.run("stranger");
        apply("{\"id\": \"100\"}, {\"id\": \"101\"}");

        Result kept = apply("{\"id\": \"100\"}");
        assertThat(kept.status()).isZero();
        assertThat(kept.out()).isEmpty();
        assertThat(kept.err()).contains("container 101 was in the state applied last and is not in this one: it stays");

        apply("{\"id\": \"100\"}, {\"id\": \"101\"}");
        Result pruned = run("apply", "--prune", state("{\"id\": \"101\"}").toString());
        assertThat(pruned.lines()).contains("Destroyed container 100", "Blockchain footprint recorded");
        assertThat(query()).extracting(one -> one.path("id").asText()).containsExactly("101", "stranger");
        scene.awaitPorts("vi101", "vistranger");
        assertThat(scene.agent.ledger("container.destroyed", "100")).hasSize(1);
    }

    @Test
    void one_container_that_fails_does_not_hold_up_the_others() throws IOException {
        scene.start();
        Path state = state("""
                {"id": "100", "bridge": "vmbr9"},
                {"id": "101", "properties": {"template": "no-such-template"}},
                {"id": "102"},
                {"id": "103", "properties": {"network_type": "netmaker"}}""");
        Result result = run("apply", state.toString());
        assertThat(result.status()).as(result.toString()).isEqualTo(1);
        assertThat(result.err())
                .contains(
                        "container 100: bridge: Open vSwitch has no bridge vmbr9; create it (ovs-vsctl add-br vmbr9)",
                        "container 101: create: container 101 was not created",
                        "container 103: mesh: ",
                        "1 created, 0 changed, 0 destroyed, 0 unchanged, 3 failed");
        assertThat(query()).extracting(one -> one.path("id").asText()).containsExactly("102");
        assertThat(scene.agent.ledger("apply.failed", "101")).hasSize(1);

        scene.ovs.addBridge("vmbr9");
        assertThat(apply("{\"id\": \"100\", \"bridge\": \"vmbr9\"}, {\"id\": \"102\"}")
                        .status())
                .isZero();
    }

    @Test
    void without_the_switch_nothing_is_begun() throws IOException {
        scene.agent.start();
        Path state = state("{\"id\": \"100\"}");
        Result refused = run("apply", state.toString());
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("Open vSwitch's database cannot be reached; nothing was done");
        assertThat(query()).isEmpty();

        scene.ovs.start();
        scene.ovs.addBridge(TestHost.BRIDGE);
        eventually(() -> assertThat(run("apply", state.toString()).status()).isZero());
    }

    @Test
    void two_at_once_do_the_work_once() throws IOException {
        scene.start();
        Path state = state("{\"id\": \"100\"}, {\"id\": \"101\"}, {\"id\": \"102\"}");
        TestCommand one = TestCommand.start(scene.agent.config(), "apply", state.toString());
        TestCommand other = TestCommand.start(scene.agent.config(), "apply", state.toString());
        List<Result> results = List.of(one.result(), other.result());
        assertThat(results).allMatch(result -> result.status() == 0);
        assertThat(results.stream().flatMap(result -> result.lines().stream()))
                .filteredOn(line -> line.startsWith("Created container"))
                .containsExactlyInAnyOrder("Created container 100", "Created container 101", "Created container 102");
    }

    @Test
    void an_apply_that_is_killed_half_way_is_finished_by_the_next() throws IOException {
        scene.ovs.start();
        scene.ovs.addBridge(TestHost.BRIDGE);
        Path state = state("{\"id\": \"100\"}, {\"id\": \"101\"}, {\"id\": \"102\"}, {\"id\": \"103\"}");
        for (int line = 0; line < 3; line++) {
            int lines = line;
            TestCommand killed = TestCommand.start(scene.agent.config(), "apply", state.toString());
            eventually(() -> assertThat(killed.out().lines().count() > lines || !killed.isAlive())
                    .isTrue());
            killed.kill();
        }
        Result last = eventually(() -> {
            // A program that a killed process had started may still hold a container for a moment.
            Result result = run("apply", state.toString());
            assertThat(result.status()).as(result.toString()).isZero();
            return result;
        });
        assertThat(scene.ports()).as(last.toString()).containsExactly("vi100", "vi101", "vi102", "vi103");
        assertThat(run("apply", state.toString())).isEqualTo(SILENCE);
        Result verified = run("verify", "--full");
        assertThat(verified.status()).as(verified.toString()).isZero();
    }

    @Test
    void an_agent_that_is_killed_half_way_leaves_what_the_next_one_finishes() throws IOException {
        scene.start();
        Path state = state("{\"id\": \"100\"}, {\"id\": \"101\"}, {\"id\": \"102\"}, {\"id\": \"103\"}");
        TestCommand apply = TestCommand.start(scene.agent.config(), "apply", state.toString());
        eventually(() -> assertThat(apply.out()).contains("Created container"));
        scene.agent.kill();
        Result lost = apply.result();
        assertThat(lost.status()).isEqualTo(2);
        assertThat(lost.err()).contains("the agent ended before it answered");

        scene.agent.start();
        eventually(() -> assertThat(run("apply", state.toString()).status()).isZero());
        assertThat(scene.ports()).containsExactly("vi100", "vi101", "vi102", "vi103");
        assertThat(run("apply", state.toString())).isEqualTo(SILENCE);
    }

    @Test
    void a_host_that_is_introspected_equals_its_state_file() throws IOException {
        scene.start();
        apply("{\"id\": \"100\", \"properties\": {\"vlan\": 20, \"ipv4\": \"10.9.0.100/24\", \"cores\": 1}}");
        scene.run("by-hand");
        scene.lxc.create(Definition.of("never-started"));
        scene.awaitEnrolled("by-hand", "viby-hand");

        Path state = folder.resolve("introspected.json");
        assertThat(run("init", "--introspect", state.toString()).status()).isZero();
        Result diff = run("diff", "--exit-code", state.toString());
        assertThat(diff.status()).as(diff + Files.readString(state)).isZero();
        assertThat(run("apply", state.toString())).isEqualTo(SILENCE);
        Result refused = run("init", "--introspect", state.toString());
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("exists; it is replaced only with --force");
    }

    @Test
    void single_containers_are_created_started_stopped_and_destroyed() {
        scene.start();
        Result created = run("container", "create", "web", "--vlan", "20", "-p", "hostname=web1", "--no-start");
        assertThat(created.status()).as(created.toString()).isZero();
        assertThat(run("container", "create", "web").err()).contains("there is a container web already");
        Result started = run("container", "start", "web");
        assertThat(started.lines())
                .as(started.toString())
                .containsExactly(
                        "Started container web",
                        "Renamed veth to viweb",
                        "Added viweb to bridge vmbr0",
                        "Blockchain footprint recorded");
        assertThat(run("container", "list").lines().get(1)).matches("web +enrolled +viweb +vmbr0 +20 +-.*");
        assertThat(run("container", "show", "web").out()).contains("\"hostname\" : \"web1\"");
        assertThat(run("container", "show", "nobody").status()).isEqualTo(2);
        assertThat(run("container", "stop", "web").lines()).contains("Stopped container web");
        assertThat(scene.ports()).isEmpty();

        Result unasked = run("container", "destroy", "web");
        assertThat(unasked.status()).isEqualTo(2);
        assertThat(unasked.err()).contains("without a terminal; give --yes");
        assertThat(run("container", "destroy", "--yes", "web").lines()).contains("Destroyed container web");
        assertThat(query()).isEmpty();
    }

    @Test
    void a_container_has_the_soft_limit_on_open_files_with_which_the_program_was_started() throws IOException {
        scene.ovs.start();
        scene.ovs.addBridge(TestHost.BRIDGE);
        Path state = state("{\"id\": \"100\", \"running\": true}");
        Result applied = TestCommand.start(
                        scene.agent.config(),
                        Map.of(),
                        List.of("prlimit", "--nofile=700:4000", "--"),
                        "apply",
                        state.toString())
                .result();
        assertThat(applied.status()).as(applied.toString()).isZero();
        assertThat(Files.readString(Path.of("/proc", Long.toString(scene.lxc.initPid("100")), "limits")))
                .containsPattern("Max open files +700 +4000 ");
    }

    @Test
    void a_hangup_applies_the_state_file_and_what_was_applied_outlives_the_agent() throws IOException {
        scene.start();
        scene.ovs.addBridge("vmbr1");
        state("{\"id\": \"100\", \"bridge\": \"vmbr1\"}");
        TestHost.sh("kill", "-HUP", Long.toString(scene.agent.pid()));
        eventually(() -> assertThat(scene.agent.logText()).contains("state.applied created=1"));
        assertThat(scene.ovs.vsctl("list-ports", "vmbr1").strip()).isEqualTo("vi100");

        state("{\"id\": \"100\", \"bridge\": 5}");
        TestHost.sh("kill", "-HUP", Long.toString(scene.agent.pid()));
        eventually(() -> assertThat(scene.agent.logText())
                .contains("the agent did not apply the state file", "/plugins/lxc/containers/0/bridge"));

        scene.agent.stop();
        scene.agent.start();
        scene.awaitEnrolled("100", "vi100");
        assertThat(scene.ovs.vsctl("list-ports", "vmbr1").strip()).isEqualTo("vi100");
    }

    @Test
    void a_state_file_that_is_watched_is_applied_when_it_is_written() throws IOException {
        try (TestHost watched = new TestHost(Map.of("state", Map.of("watch", true)))) {
            watched.start();
            Files.writeString(
                    watched.agent.stateFile(),
                    "{\"version\": 1, \"plugins\": {\"lxc\": {\"containers\": [{\"id\": \"100\"}]}}}");
            watched.awaitEnrolled("100", "vi100");
            eventually(() -> assertThat(watched.agent.logText()).contains("state.applied created=1"));
            TestCommand.run(watched.agent.config(), "container", "destroy", "--yes", "100");
        }
    }

    @Test
    void results_are_json_whatever_is_logged_and_only_root_may_ask() throws Exception {
        scene.start();
        apply("{\"id\": \"100\"}");
        Result loud = TestCommand.start(scene.agent.config(), Map.of("OP_DBUS_LOG_LEVEL", "DEBUG"), List.of(), "query")
                .result();
        assertThat(JSON.readTree(loud.out()).at("/plugins/lxc/containers/0/id").asText())
                .isEqualTo("100");
        assertThat(run("query", "--plugin", "ovs").status()).isEqualTo(2);
        assertThat(run("diff", "--plugin", "ovs").err()).contains("there is no plugin \"ovs\"");

        // A user who may not speak with the agent must not take its place either. This user may
        // read the program's files.
        Result nobody = asNobody(scene.agent.config(), "apply");
        assertThat(nobody.status()).as(nobody.toString()).isEqualTo(2);
        assertThat(nobody.err()).contains("the control socket is for root only");
        Result alone = asNobody(Files.writeString(folder.resolve("without-agent.json"), "{}"), "introspect");
        assertThat(alone.status()).as(alone.toString()).isEqualTo(2);
        assertThat(alone.err()).startsWith("op-dbus: cannot inspect this host: that needs root");
    }

    private static Result asNobody(Path config, String command) {
        return TestCommand.start(
                        config,
                        Map.of(),
                        List.of(
                                "setpriv",
                                "--reuid=65534",
                                "--regid=65534",
                                "--clear-groups",
                                "--inh-caps=+dac_read_search",
                                "--ambient-caps=+dac_read_search"),
                        command)
                .result();
    }

    @Test
    void the_seeds_query_over_the_read_only_database_is_answered_as_it_stands() throws IOException {
        scene.start();
        apply("{\"id\": \"100\", \"properties\": {\"ipv4\": \"10.9.0.100/24\", \"vlan\": 7}}");
        String literal = "{\"method\":\"transact\",\"params\":[\"OpNonNet\","
                + "[{\"op\":\"select\",\"table\":\"lxc\",\"where\":[]}]],\"id\":1}\n";
        // The database follows the bus; a question at the same moment may be answered before the
        // fact arrives.
        JsonNode row = eventually(() -> {
            JsonNode found = rows(literal).path(0);
            assertThat(found.path("bridge").asText()).isEqualTo("vmbr0");
            return found;
        });
        assertThat(row.path("id").asText()).isEqualTo("100");
        assertThat(row.path("veth").asText()).isEqualTo("vi100");
        assertThat(row.path("running").asBoolean()).isTrue();
        assertThat(row.path("properties").toString()).contains("[\"ipv4\",\"10.9.0.100/24\"]", "[\"vlan\",\"7\"]");
    }

    private JsonNode rows(String request) {
        try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.connect(
                    UnixDomainSocketAddress.of(scene.agent.controlSocket().resolveSibling("nonnet.db.sock")));
            socket.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
            JsonNode answer = JSON.readTree(JSON.createParser(Channels.newInputStream(socket)));
            return answer.at("/result/0/rows");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Result apply(String containers) throws IOException {
        Result result = run("apply", state(containers).toString());
        assertThat(result.status()).as("%s\n%s", result, scene.agent.logText()).isZero();
        return result;
    }

    /** Writes the state file of the agent's configuration. */
    private Path state(String containers) throws IOException {
        return Files.writeString(
                scene.agent.stateFile(),
                "{\"version\": 1, \"plugins\": {\"lxc\": {\"containers\": [" + containers + "]}}}");
    }

    private Result run(String... arguments) {
        return TestCommand.run(scene.agent.config(), arguments);
    }

    private List<JsonNode> query() {
        Result query = run("query", "--plugin", "lxc");
        assertThat(query.status()).as(query.toString()).isZero();
        try {
            return List.copyOf(JSON.convertValue(
                    JSON.readTree(query.out()).path("containers"),
                    JSON.getTypeFactory().constructCollectionType(List.class, JsonNode.class)));
        } catch (IOException e) {
            throw new AssertionError(query.toString(), e);
        }
    }

    private String init(String id) {
        return TestHost.sh("lxc-info", "-P", scene.lxc.lxcPath().toString(), "-n", id, "-p", "-H")
                .strip();
    }

    private String inside(String id, String... command) {
        return TestHost.sh(java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("nsenter", "-t", init(id), "-n"), java.util.Arrays.stream(command))
                .toArray(String[]::new));
    }
}
