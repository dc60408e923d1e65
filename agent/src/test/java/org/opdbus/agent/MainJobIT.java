// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.agent.TestHost.linkExists;
import static org.opdbus.agent.TestHost.sh;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.opdbus.verticles.testing.LxcContainers.Definition;

/**
 * Containers start without a message to the agent, and the agent names, enrols and records them; when they stop,
 * nothing is left.
 */
@TestInstance(Lifecycle.PER_CLASS)
class MainJobIT {
    private final TestHost scene =
            new TestHost(Map.of("enrollment", Map.of("bridge", TestHost.BRIDGE, "ignore", List.of("ignored-*"))));

    @BeforeAll
    void start() {
        scene.start();
    }

    @AfterAll
    void close() {
        scene.close();
        assertThat(scene.agent.logText()).doesNotContain("has been blocked");
    }

    @Test
    void twelve_started_at_once_are_all_enrolled_and_leave_nothing_behind() {
        List<String> ids = IntStream.range(100, 112).mapToObj(String::valueOf).toList();
        for (String id : ids) {
            boolean attachedByLxc = Integer.parseInt(id) % 2 == 0;
            scene.lxc.create(
                    attachedByLxc ? Definition.of(id).link(TestHost.BRIDGE).vlan(42) : Definition.of(id));
        }
        scene.lxc.startAll(ids);

        for (String id : ids) {
            scene.awaitEnrolled(id, "vi" + id);
            boolean attachedByLxc = Integer.parseInt(id) % 2 == 0;
            assertThat(scene.ovs.vsctl("get", "Port", "vi" + id, "tag").strip()).isEqualTo(attachedByLxc ? "42" : "[]");
            eventually(() ->
                    assertThat(scene.agent.ledger("container.enrolled", id)).hasSize(1));
        }
        assertThat(scene.ports()).containsAll(ids.stream().map(id -> "vi" + id).toList());

        scene.lxc.stopAll(ids);
        eventually(
                () -> assertThat(scene.ports()).noneMatch(port -> port.startsWith("vi1") || port.startsWith("veth")));
        for (String id : ids) {
            eventually(
                    () -> assertThat(scene.agent.ledger("container.left", id)).hasSize(1));
            assertThat(scene.agent.container(id).path("running").asBoolean()).isFalse();
        }
    }

    @Test
    void two_hundred_starts_in_a_row_under_the_armed_agent_never_fail() {
        scene.lxc.create(Definition.of("200"));
        scene.lxc.create(Definition.of("201").link(TestHost.BRIDGE));
        for (int round = 0; round < 100; round++) {
            for (String id : List.of("200", "201")) {
                scene.lxc.start(id);
                scene.awaitEnrolled(id, "vi" + id);
            }
            for (String id : List.of("200", "201")) {
                scene.lxc.stop(id);
            }
        }
        eventually(
                () -> assertThat(scene.ports()).noneMatch(port -> port.startsWith("vi20") || port.startsWith("veth")));
        eventually(() -> assertThat(linkExists("vi200") || linkExists("vi201")).isFalse());
        eventually(() ->
                assertThat(scene.agent.ledger("container.enrolled", "200")).hasSize(100));
        eventually(() ->
                assertThat(scene.agent.ledger("container.enrolled", "201")).hasSize(100));
    }

    @Test
    void enrolled_containers_talk_over_icmp_tcp_and_udp() {
        List<String> ids = List.of("300", "301");
        for (String id : ids) {
            scene.run(id);
        }
        for (String id : ids) {
            scene.awaitEnrolled(id, "vi" + id);
            inside(id, "ip", "addr", "add", "10.7.0." + id.charAt(2) + "1/24", "dev", "eth0");
            inside(id, "ip", "link", "set", "eth0", "up");
        }
        eventually(
                () -> assertThat(scene.agent.ledger("offload.disabled", "300")).hasSize(1));
        eventually(() -> inside("300", "ping", "-c", "1", "-W", "2", "10.7.0.11"));
        assertThat(carried("tcp", "")).isEqualTo("over tcp");
        assertThat(carried("udp", "-u")).isEqualTo("over udp");
        scene.lxc.stopAll(ids);
    }

    /**
     * Sends a line from one container to the other, again and again until it has arrived, and returns what arrived.
     */
    private String carried(String word, String option) {
        String came = "/tmp/op-dbus-" + word;
        Process server = begin("301", "timeout 60 nc " + option + " -l -p 7777 < /dev/null > " + came);
        try {
            return eventually(() -> {
                String send = "echo over " + word + " | timeout 2 nc " + option + " -w 1 10.7.0.11 7777 || true";
                inside("300", "sh", "-c", send);
                String line = sh("head", "-n", "1", came).strip();
                assertThat(line).isNotEmpty();
                return line;
            });
        } finally {
            server.descendants().forEach(ProcessHandle::destroyForcibly);
            server.destroyForcibly();
        }
    }

    /** Begins a shell command in a container's network. */
    private Process begin(String id, String command) {
        try {
            return new ProcessBuilder("nsenter", "-t", String.valueOf(scene.lxc.initPid(id)), "-n", "sh", "-c", command)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String inside(String id, String... command) {
        List<String> all = new ArrayList<>(List.of("nsenter", "-t", String.valueOf(scene.lxc.initPid(id)), "-n"));
        all.addAll(List.of(command));
        return sh(all.toArray(new String[0]));
    }

    @Test
    void further_links_are_enrolled_under_further_names() {
        scene.run(Definition.of("400").another(1));

        scene.awaitEnrolled("400", "vi400");
        eventually(() -> assertThat(scene.ofport("vi400i1")).isPositive());
        scene.lxc.stop("400");
        eventually(() -> assertThat(scene.ports()).doesNotContain("vi400", "vi400i1"));
    }

    @Test
    void strangers_are_left_alone() {
        sh("ip", "link", "add", "stranger0", "type", "veth", "peer", "name", "stranger1");
        scene.ovs.vsctl("add-port", TestHost.BRIDGE, "stranger0");
        sh("ip", "link", "add", "linuxbr0", "type", "bridge");
        scene.run(Definition.of("500").link("linuxbr0"));
        scene.run("ignored-1");

        JsonNode refused = scene.awaitState("500", "refused", "belongs to bridge linuxbr0");
        assertThat(refused.path("veth").asText()).startsWith("veth");
        scene.awaitState("ignored-1", "left-alone", "");
        assertThat(scene.agent.container("ignored-1").path("veth").asText()).startsWith("veth");
        eventually(() ->
                assertThat(scene.agent.ledger("enrollment.refused", "500")).hasSize(1));

        scene.lxc.stopAll(List.of("500", "ignored-1"));
        eventually(() -> assertThat(scene.agent.container("500").path("running").asBoolean())
                .isFalse());
        assertThat(scene.ports()).contains("stranger0");
        assertThat(linkExists("stranger0")).isTrue();
        assertThat(scene.ovs.vsctl("get", "Port", "stranger0", "external_ids").strip())
                .isEqualTo("{}");
        sh("ip", "link", "del", "stranger0");
        scene.ovs.vsctl("del-port", "stranger0");
    }

    @Test
    void a_name_that_a_stranger_holds_is_refused_until_it_is_free() {
        sh("ip", "link", "add", "vi600", "type", "veth", "peer", "name", "vi600peer");
        scene.run("600");

        scene.awaitState("600", "refused", "the name vi600");
        eventually(() -> assertThat(scene.agent
                        .ledger("enrollment.refused", "600")
                        .get(0)
                        .data()
                        .get("reason"))
                .isEqualTo("name-taken"));

        sh("ip", "link", "del", "vi600");
        scene.awaitEnrolled("600", "vi600");
        scene.lxc.stop("600");
    }

    @Test
    void an_id_that_makes_no_link_name_gets_a_hashed_one() {
        scene.run("a-very-long-container-name");
        scene.run("a-very-long-container-nome");

        String first = enrolledName("a-very-long-container-name");
        String second = enrolledName("a-very-long-container-nome");
        assertThat(first).isNotEqualTo(second).matches("via-ve-[0-9a-f]{8}");
        scene.lxc.stopAll(List.of("a-very-long-container-name", "a-very-long-container-nome"));
    }

    private String enrolledName(String id) {
        return scene.awaitState(id, "enrolled", "").path("veth").asText();
    }

    @Test
    void a_killed_container_and_a_destroyed_one_leave_no_port() {
        scene.run("700");
        scene.run("701");
        scene.awaitEnrolled("700", "vi700");
        scene.awaitEnrolled("701", "vi701");

        sh("kill", "-KILL", String.valueOf(scene.lxc.initPid("700")));
        scene.lxc.stop("701");
        scene.lxc.destroy("701");

        eventually(() -> assertThat(scene.ports()).doesNotContain("vi700", "vi701"));
        eventually(
                () -> assertThat(scene.agent.container("701").isMissingNode()).isTrue());
    }
}
