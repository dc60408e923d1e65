// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.agent.TestHost.linkExists;
import static org.opdbus.agent.TestHost.sh;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.opdbus.agent.doctor.LeakedPorts;
import org.opdbus.verticles.ovsdb.OvsdbException;
import org.opdbus.verticles.ovsdb.OvsdbOptions;
import org.opdbus.verticles.ovsdb.OvsdbVisit;
import org.opdbus.verticles.ovsdb.Survey;
import org.opdbus.verticles.ovsdb.Survey.SeenPort;

/** {@code op-dbus doctor} as a program, on a real host. */
@TestInstance(Lifecycle.PER_CLASS)
class DoctorIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestHost scene = new TestHost(Map.of());

    @BeforeAll
    void start() {
        scene.start();
    }

    @AfterAll
    void close() {
        scene.close();
    }

    /** What a run of the program printed, and how it ended. */
    private record Run(int status, String out) {}

    private Run doctor(String... options) throws IOException, InterruptedException {
        return run(command(options), "");
    }

    private List<String> command(String... options) {
        List<String> command =
                BuiltProgram.words("--config", scene.agent.config().toString(), "doctor");
        command.addAll(List.of(options));
        return command;
    }

    private static Run run(List<String> command, String input) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(BuiltProgram.environment());
        Process process = builder.start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), out);
    }

    /** Runs it on a terminal at which a user types this. */
    private Run doctorAtTerminal(String typed, String... options) throws IOException, InterruptedException {
        String command = String.join(" ", command(options));
        return run(List.of("script", "--quiet", "--return", "--command", command, "/dev/null"), typed + "\n");
    }

    @Test
    void a_host_on_which_all_is_well_has_no_problem() throws Exception {
        scene.run("100");
        scene.awaitEnrolled("100", "vi100");

        Run run = doctor();

        assertThat(run.status()).as(run.out()).isZero();
        assertThat(run.out())
                .contains("the agent can list and change links", "bridge vmbr0 exists, and ovs-vswitchd runs")
                .contains("hears lxc, netlink, ovsdb", "containers: seen: ")
                .doesNotContain("problem");
        scene.lxc.stop("100");
        eventually(() -> assertThat(scene.ports()).doesNotContain("vi100"));
    }

    @Test
    void a_refused_container_is_told_with_its_remedy() throws Exception {
        sh("ip", "link", "add", "vi300", "type", "veth", "peer", "name", "other300");
        scene.run("300");
        scene.awaitState("300", "refused", "vi300");

        Run run = doctor();

        assertThat(run.status()).as(run.out()).isEqualTo(1);
        assertThat(run.out())
                .contains("container 300 is refused", "rename or remove the link or port that holds it")
                .doesNotContain("ledger search");
        sh("ip", "link", "del", "vi300");
        scene.awaitEnrolled("300", "vi300");
        scene.lxc.stop("300");
        scene.awaitPorts();
    }

    @Test
    void leaked_ports_are_shown_and_only_they_are_removed_on_confirmation() throws Exception {
        sh("ip", "link", "add", "used0", "type", "veth", "peer", "name", "used1");
        sh("ip", "link", "add", "gone0", "type", "veth", "peer", "name", "gone1");
        scene.ovs.vsctl("add-port", TestHost.BRIDGE, "used0", "tag=5");
        scene.ovs.vsctl("add-port", TestHost.BRIDGE, "gone0", "external_ids:whose=theirs");
        scene.ovs.vsctl("--no-wait", "add-port", TestHost.BRIDGE, "never0");
        scene.ovs.vsctl("add-port", TestHost.BRIDGE, "inner0", "--", "set", "Interface", "inner0", "type=internal");
        scene.ovs.vsctl(
                "--no-wait", "add-port", TestHost.BRIDGE, "patch0", "--", "set", "Interface", "patch0", "type=patch");
        scene.ovs.vsctl(
                "--no-wait", "add-port", TestHost.BRIDGE, "tunnel0", "--", "set", "Interface", "tunnel0", "type=vxlan");
        scene.ovs.vsctl("--no-wait", "add-bond", TestHost.BRIDGE, "bond0", "bonded0", "bonded1");
        sh("ip", "link", "del", "gone0");
        Set<String> before = scene.ports();

        Run told = doctor();
        assertThat(told.status()).as(told.out()).isEqualTo(1);
        assertThat(told.out())
                .contains("port gone0 of bridge vmbr0 has no link", "port never0 of bridge vmbr0 has no link")
                .doesNotContain("port used0", "port inner0", "port patch0", "port tunnel0", "bond");

        Run nobody = doctor("--fix");
        assertThat(nobody.status()).as(nobody.out()).isEqualTo(2);
        assertThat(nobody.out()).contains("Remove them?", "give --yes");
        Run declined = doctorAtTerminal("n", "--fix");
        assertThat(declined.status()).as(declined.out()).isEqualTo(1);
        assertThat(declined.out())
                .contains("to be removed:", "port gone0 of bridge vmbr0, external_ids {whose=theirs}")
                .contains("nothing was removed");
        assertThat(scene.ports()).isEqualTo(before);

        Run accepted = doctorAtTerminal("y", "--fix");
        assertThat(accepted.status()).as(accepted.out()).isZero();
        assertThat(accepted.out()).contains("removed port gone0", "removed port never0");
        assertThat(scene.ports()).containsExactlyInAnyOrder("used0", "inner0", "patch0", "tunnel0", "bond0");
        for (String port : List.of("used0", "inner0", "patch0", "tunnel0", "bond0")) {
            scene.ovs.vsctl("del-port", port);
        }
    }

    @Test
    void a_port_that_is_not_as_it_was_seen_stays() {
        for (String name : List.of("taken0", "link0", "calm0")) {
            scene.ovs.vsctl("--no-wait", "add-port", TestHost.BRIDGE, name);
        }
        try (OvsdbVisit visit = OvsdbVisit.open(OvsdbOptions.of(scene.ovs.socket()))) {
            Survey first = visit.look();
            List<SeenPort> shown = LeakedPorts.in(first, Set.of(TestHost.BRIDGE));
            assertThat(shown.stream().map(SeenPort::name)).contains("taken0", "link0", "calm0");

            scene.ovs.vsctl("set", "Port", "taken0", "external_ids:whose=mine");
            assertThatThrownBy(() -> visit.remove(shown))
                    .isInstanceOf(OvsdbException.class)
                    .hasMessageContaining("taken0 has changed since it was read");
            assertThat(scene.ports()).contains("taken0", "link0", "calm0");

            sh("ip", "link", "add", "link0", "type", "veth", "peer", "name", "link1");
            assertThat(LeakedPorts.remove(visit, shown).stream().map(SeenPort::name))
                    .containsExactly("calm0");
        }
        assertThat(scene.ports()).contains("taken0", "link0").doesNotContain("calm0");
        scene.ovs.vsctl("del-port", "taken0", "--", "del-port", "link0");
    }

    @Test
    void without_an_agent_a_port_that_it_left_is_shown_and_removed() throws Exception {
        scene.run("200");
        scene.awaitEnrolled("200", "vi200");
        eventually(() ->
                assertThat(scene.agent.ledger("container.enrolled", "200")).hasSize(1));
        scene.agent.kill();
        scene.lxc.stop("200");
        eventually(() -> assertThat(linkExists("vi200")).isFalse());

        Run told = doctor();
        assertThat(told.status()).as(told.out()).isEqualTo(1);
        assertThat(told.out())
                .contains("no agent listens on", "port vi200 of bridge vmbr0 has no link")
                .contains("it was the agent's, for container 200");
        Run fixed = doctor("--fix", "--yes", "--json");
        JsonNode json = JSON.readTree(
                fixed.out().substring(fixed.out().indexOf('{', fixed.out().indexOf("\n{"))));
        assertThat(json.path("removed")).hasSize(1);
        assertThat(json.path("removed").path(0).asText()).isEqualTo("vi200");
        assertThat(fixed.status()).as(fixed.out()).isZero();
        assertThat(scene.ports()).doesNotContain("vi200");

        scene.agent.start();
        eventually(() -> assertThat(scene.agent.ledger("container.left", "200")).hasSize(1));
    }

    @Test
    void dead_or_missing_components_are_reported_with_the_remedy() throws Exception {
        scene.ovs.killSwitch();
        Run withoutSwitch = doctor();
        assertThat(withoutSwitch.status()).isEqualTo(1);
        assertThat(withoutSwitch.out()).contains("ovs-vswitchd does not run", "systemctl start openvswitch-switch");

        scene.ovs.killDatabase();
        Run withoutDatabase = doctor();
        assertThat(withoutDatabase.status()).isEqualTo(1);
        assertThat(withoutDatabase.out())
                .contains("cannot reach Open vSwitch's database at " + scene.ovs.socket())
                .contains("the agent's source ovsdb is lost");

        scene.ovs.startDatabase();
        scene.ovs.startSwitch();
        eventually(() -> assertThat(doctor().status()).isZero());
    }
}
