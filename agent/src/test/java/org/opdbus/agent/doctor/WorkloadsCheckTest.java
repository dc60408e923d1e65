// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.agent.doctor.AgentReply.ContainerReply;
import org.opdbus.agent.doctor.AgentReply.EngineReply;
import org.opdbus.agent.doctor.CheckResult.Severity;
import org.opdbus.config.AgentConfig;
import org.opdbus.events.Bridge;
import org.opdbus.verticles.ovsdb.Survey;

/** The check of Docker and Podman, beside an engine that answers what a test says. */
class WorkloadsCheckTest {
    @TempDir
    Path root;

    private AgentReply agent = AgentReply.none();
    private ServerSocketChannel engine;

    @BeforeEach
    void listen() throws IOException {
        Files.createDirectories(root.resolve("run/podman"));
        engine = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
    }

    /** From now on Docker gives every caller this answer. */
    private void answer(String answer) throws IOException {
        engine.bind(UnixDomainSocketAddress.of(root.resolve("run/docker.sock")));
        Thread answering = new Thread(() -> {
            while (engine.isOpen()) {
                try (SocketChannel caller = engine.accept()) {
                    caller.read(ByteBuffer.allocate(1024));
                    caller.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
                } catch (IOException ended) {
                    // The caller, or the test, is done.
                }
            }
        });
        answering.setDaemon(true);
        answering.start();
    }

    private static String version(String json) {
        return "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + json;
    }

    private List<CheckResult> examine() {
        return new WorkloadsCheck().examine(host());
    }

    private HostSnapshot host() {
        Survey survey = new Survey(List.of(new Bridge("vmbr0", "system")), List.of(), 1, 1, Optional.of("3.1.0"));
        return new HostSnapshot(
                AgentConfig.defaults("here"),
                Optional.empty(),
                Optional.empty(),
                root,
                List.of(),
                "1.2",
                agent,
                new HostSnapshot.Kernel(Set.of(), Optional.empty()),
                new HostSnapshot.Switch(Optional.of(survey), Optional.empty(), true));
    }

    private CheckResult only() {
        List<CheckResult> findings = examine();
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    private void containers(ContainerReply... all) {
        agent = new AgentReply(true, Optional.empty(), "1.2", Map.of(), Optional.empty(), List.of(all));
    }

    private static ContainerReply container(String state, String network, String bridge, String... faults) {
        return new ContainerReply(
                "docker:3f2ab1c9d0e1",
                state,
                "",
                "",
                "",
                Optional.of(new EngineReply("web", network, bridge, List.of(faults))));
    }

    @Test
    void a_host_without_an_engine_is_not_spoken_of() {
        assertThat(examine()).isEmpty();
    }

    @Test
    void an_engine_that_answers_is_named_with_its_versions() throws Exception {
        answer(version("{\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.12\"}"));
        assertThat(only().severity()).isEqualTo(Severity.OK);
        assertThat(only().what()).isEqualTo("Docker answers, version 1.12 to 1.41 of the API");
    }

    @Test
    void an_engine_that_is_too_old_or_too_new_is_reported() throws Exception {
        answer(version("{\"ApiVersion\":\"1.18\"}"));
        assertThat(only().severity()).isEqualTo(Severity.PROBLEM);
        assertThat(only().what())
                .isEqualTo("Docker is too old: it has the version 1.18 of the API, and the agent needs 1.24");
    }

    @Test
    void an_engine_that_has_left_the_versions_that_the_agent_knows_is_reported() throws Exception {
        answer(version("{\"ApiVersion\":\"1.60\",\"MinAPIVersion\":\"1.50\"}"));
        assertThat(only().severity()).isEqualTo(Severity.WARNING);
        assertThat(only().remedy()).isEqualTo("install a newer version of op-dbus");
    }

    @Test
    void what_is_no_answer_of_an_engine_is_reported() throws Exception {
        answer("SSH-2.0-OpenSSH_9.2\r\n\r\n");
        assertThat(only().what()).isEqualTo("Docker does not answer on /run/docker.sock: its answer is not HTTP");
        assertThat(only().remedy()).contains("systemctl restart docker", "workloads.docker.socket");
    }

    @Test
    void a_socket_at_which_no_program_listens_is_reported() throws Exception {
        engine.bind(UnixDomainSocketAddress.of(root.resolve("run/docker.sock")));
        engine.close();
        assertThat(only().what()).endsWith("no program listens there");
    }

    @Test
    void an_engine_that_says_nothing_does_not_hold_doctor_up() throws Exception {
        // The kernel accepts, and no answer ever comes.
        engine.bind(UnixDomainSocketAddress.of(root.resolve("run/podman/podman.sock")));
        assertThat(only().what()).isEqualTo("Podman does not answer on /run/podman/podman.sock: no answer came in 5 s");
        assertThat(only().remedy()).contains("systemctl restart podman.socket");
    }

    @Test
    void a_faulty_label_is_named_with_what_is_wrong() {
        containers(container("left-alone", "none", "", "opdbus.vlan must be 1 to 4094, is \"x\""));
        assertThat(only().severity()).isEqualTo(Severity.PROBLEM);
        assertThat(only().what())
                .isEqualTo("container web (docker:3f2ab1c9d0e1): opdbus.vlan must be 1 to 4094, is \"x\"");
    }

    @Test
    void a_container_that_asks_for_a_link_beside_the_network_of_the_host_is_reported() {
        containers(container("refused", "host", "vmbr0"));
        assertThat(only().what()).contains("has the network \"host\"");
        assertThat(only().remedy()).contains("--network none");
        containers(container("left-alone", "host", ""));
        assertThat(examine()).isEmpty();
    }

    @Test
    void what_is_said_with_its_remedy_is_not_said_again() {
        containers(container("refused", "host", "vmbr0"));
        List<CheckResult> findings = new ContainersCheck().examine(host());
        assertThat(findings).extracting(CheckResult::severity).containsExactly(Severity.OK);
        assertThat(findings.get(0).what()).isEqualTo("seen: 1; not as they shall be: 1, which the findings above name");
        containers(container("refused", "none", "vmbr0"));
        assertThat(new ContainersCheck().examine(host()))
                .extracting(CheckResult::severity)
                .containsExactly(Severity.PROBLEM);
    }

    @Test
    void a_bridge_that_is_not_there_is_reported_while_it_holds_a_container_up() {
        containers(container("waiting", "none", "ovsbr9"));
        assertThat(only().what()).contains("is to be on the bridge ovsbr9, which does not exist");
        assertThat(only().remedy()).contains("ovs-vsctl add-br ovsbr9");
        containers(container("waiting", "none", "vmbr0"), container("enrolled", "none", "ovsbr9"));
        assertThat(examine()).isEmpty();
    }
}
