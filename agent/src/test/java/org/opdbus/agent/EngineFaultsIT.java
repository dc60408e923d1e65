// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.opdbus.agent.WorkloadHost.Guest;

/** What happens to engines and their containers besides starts and stops: afterwards everything is as it should be. */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EngineFaultsIT {
    private final WorkloadHost scene = new WorkloadHost();
    private final Guest web = scene.inDocker("web", 42, "10.42.0.1");
    private final Guest api = scene.inPodman("api", 42, "10.42.0.2");

    @BeforeAll
    void start() {
        scene.host.start();
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @Test
    @Order(1)
    void engines_that_come_after_the_agent_are_heard() {
        scene.docker.start();
        scene.podman.start();
        scene.run(List.of(web, api), List.of());
        scene.awaitEnrolled(web);
        scene.awaitEnrolled(api);
        web.pings(api);
    }

    @Test
    @Order(2)
    void a_container_keeps_its_port_through_pause_and_rename_and_gets_it_again_after_restart_and_kill() {
        String port = WorkloadHost.port(web);
        String index = TestHost.indexOf(port);
        scene.docker.run("pause", "web");
        scene.docker.run("rename", "web", "other");
        eventually(() -> assertThat(scene.shown("docker")).containsKey("other"));
        scene.docker.run("rename", "other", "web");
        scene.docker.run("unpause", "web");
        scene.awaitEnrolled(web);
        assertThat(TestHost.indexOf(port)).isEqualTo(index);

        scene.docker.run("restart", "web");
        scene.awaitEnrolled(web);
        assertThat(TestHost.indexOf(port)).isNotEqualTo(index);
        web.pings(api);

        scene.docker.run("kill", "web");
        scene.host.awaitPorts(WorkloadHost.port(api));
        scene.docker.run("start", "web");
        scene.awaitEnrolled(web);
        web.pings(api);
    }

    @Test
    @Order(3)
    void wrong_labels_are_refused_and_a_container_without_labels_is_left_alone() {
        scene.docker.run("wrong", List.of("--label", "opdbus.bridge=" + TestHost.BRIDGE, "--label", "opdbus.vlan=no"));
        scene.awaitState("docker", "wrong", "refused", "opdbus.vlan");
        scene.docker.run("elsewhere", List.of("--label", "opdbus.bridge=none0"));
        scene.awaitState("docker", "elsewhere", "refused", "none0");
        scene.docker.run("hosts", List.of("--network=host", "--label", "opdbus.bridge=" + TestHost.BRIDGE));
        scene.awaitState("docker", "hosts", "refused", "network of the host");
        scene.docker.run("plain", List.of());
        scene.awaitState("docker", "plain", "left-alone", "");
        assertThat(scene.docker.exec("plain", "ip", "-o", "link")).doesNotContain("eth0");
        scene.docker.remove(List.of("wrong", "elsewhere", "hosts", "plain"));
    }

    @Test
    @Order(4)
    void beside_a_network_of_dockers_own_a_container_gets_a_second_link_if_it_asks_for_one() {
        scene.docker.run("network", "create", "--subnet", "10.99.0.0/24", "own");
        scene.docker.run("plain", List.of("--network=own"));
        List<String> words =
                new ArrayList<>(scene.inDocker("both", 42, "10.42.0.3").options());
        words.add("--network=own");
        scene.docker.run("both", words);
        Guest both = scene.inDocker("both", 42, "10.42.0.3");
        scene.awaitEnrolled(both);
        both.pings(api);
        assertThat(scene.docker.exec("both", "ip", "-o", "-4", "addr"))
                .contains("op0")
                .containsPattern("eth0 +inet 10\\.99\\.0\\.");
        scene.awaitState("docker", "plain", "left-alone", "");
        assertThat(scene.host.ports())
                .containsExactlyInAnyOrder(WorkloadHost.port(web), WorkloadHost.port(api), WorkloadHost.port(both));
        scene.docker.exec("both", "ping", "-c", "1", "-W", "20", address("plain"));
        scene.docker.remove(List.of("plain", "both"));
        scene.docker.run("network", "rm", "own");
        scene.host.awaitPorts(WorkloadHost.port(web), WorkloadHost.port(api));
    }

    private String address(String name) {
        return scene.docker.run(
                "inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", name);
    }

    @Test
    @Order(5)
    void containers_that_outlive_their_docker_keep_their_ports() {
        scene.docker.stop();
        scene.host.awaitPorts(WorkloadHost.port(api));
        scene.docker.liveRestore(true).start();
        scene.docker.run("start", "web");
        scene.awaitEnrolled(web);
        String port = WorkloadHost.port(web);
        String index = TestHost.indexOf(port);

        scene.docker.stop();
        scene.awaitSource("docker", "lost");
        assertThat(scene.host.ports()).contains(port);
        scene.docker.start();
        scene.awaitSource("docker", "listed");
        scene.awaitEnrolled(web);
        assertThat(TestHost.indexOf(port)).isEqualTo(index);
        web.pings(api);

        long init = scene.docker.initPid("web");
        scene.docker.kill();
        scene.awaitSource("docker", "lost");
        scene.host.agent.kill();
        scene.host.agent.start();
        assertThat(scene.host.ports()).contains(port);
        TestHost.sh("kill", "-KILL", Long.toString(init));
        scene.docker.start();
        scene.host.awaitPorts(WorkloadHost.port(api));
        scene.docker.run("start", "web");
        scene.awaitEnrolled(web);
        web.pings(api);
    }

    @Test
    @Order(6)
    void containers_that_die_with_their_docker_leave_nothing() {
        scene.docker.kill();
        scene.awaitSource("docker", "lost");
        scene.docker.liveRestore(false).start();
        scene.awaitSource("docker", "listed");
        scene.host.awaitPorts(WorkloadHost.port(api));
        scene.docker.run("start", "web");
        scene.awaitEnrolled(web);
        web.pings(api);
    }

    @Test
    @Order(7)
    void at_the_end_nothing_is_left() {
        scene.docker.remove(List.of("web"));
        scene.podman.remove(List.of("api"));
        scene.awaitNothing();
    }
}
