// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.lab.machine.EmptyLab.LAB;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabMachine.Docker;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.PrivateDocker;

/** Containers of a real Docker as machines of a lab. */
@Timeout(300)
final class DockerMachinesIT {
    private static final String WEB = "cloonix_t.web";
    private static final String SLEEP = "sleep 1000000";
    private static final PrivateDocker DOCKER = new PrivateDocker();

    private final Vertx vertx = Vertx.vertx();
    private final EmptyLab lab = new EmptyLab();
    private DockerMachines machines = machines(Optional.of(DOCKER.socket()));

    @BeforeAll
    static void startDocker() {
        DOCKER.start();
    }

    @AfterAll
    static void endDocker() {
        DOCKER.close();
    }

    @AfterEach
    void close() {
        machines.close();
        lab.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        List<String> left = DOCKER.run("ps", "-aq").lines().toList();
        if (!left.isEmpty()) {
            DOCKER.remove(left);
        }
    }

    private DockerMachines machines(Optional<Path> socket) {
        return new DockerMachines(vertx.getOrCreateContext(), socket, lab.folders(), "netdev");
    }

    @Test
    void two_containers_reach_each_other_and_the_host_sees_no_link() {
        String before = Links.ip("link");
        LabItem web = item("web", 1, SLEEP);
        LabItem db = item("db_1.x", 2, "sh");
        machines.start(LAB, web).andThen(machines.start(LAB, db)).blockingAwait();
        long init = DOCKER.initPid(WEB);
        machines.start(LAB, web).blockingAwait();
        assertThat(DOCKER.initPid(WEB)).isEqualTo(init);
        assertThat(states()).isEqualTo(Map.of("web", MachineState.RUNNING, "db_1.x", MachineState.RUNNING));
        assertThat(Links.ip("link")).isEqualTo(before);
        EmptyLab.join("_k_1_0", "_k_2_0");
        DOCKER.exec(WEB, "ip", "addr", "add", "10.7.0.1/24", "dev", "eth0");
        DOCKER.exec("cloonix_t.db_1.x", "ip", "addr", "add", "10.7.0.2/24", "dev", "eth0");
        assertThat(DOCKER.exec(WEB, "ping", "-c", "1", "10.7.0.2")).contains("1 packets received");
        assertThat(DOCKER.exec(WEB, "cat", "/sys/class/net/eth0/address")).isEqualTo("02:00:00:00:01:00");
        assertThat(DOCKER.exec(WEB, "cat", "/proc/sys/net/ipv6/conf/eth0/disable_ipv6"))
                .isEqualTo("0");
        assertThat(DOCKER.exec(WEB, "hostname")).isEqualTo("web");
        assertThat(inspected(
                        "{{.HostConfig.NetworkMode}} {{.HostConfig.Privileged}} {{.HostConfig.RestartPolicy.Name}}"))
                .startsWith("none false");
        assertThat(inspected("{{index .Config.Labels \"opdbus.lab\"}} {{index .Config.Labels \"opdbus.lab.item\"}}"))
                .isEqualTo("t web");

        machines.stop(LAB, web).andThen(machines.stop(LAB, db)).blockingAwait();
        assertThat(DOCKER.run("ps", "-aq")).isEmpty();
        assertThat(states()).isEmpty();
        assertThat(Links.ipInside(EmptyLab.NAMESPACE, "-o", "link")).doesNotContain("_k_");
        machines.stop(LAB, web).blockingAwait();
    }

    @Test
    void a_container_that_the_lab_did_not_make_is_never_touched() {
        DOCKER.run(WEB, List.of());
        assertThatThrownBy(() -> machines.start(LAB, item("web", 1, SLEEP)).blockingAwait())
                .isInstanceOf(LabRefusal.class)
                .hasMessage("there is a container cloonix_t.web already, which this lab did not make");
        machines.stop(LAB, item("web", 1, SLEEP)).blockingAwait();
        assertThat(inspected("{{.State.Running}}")).isEqualTo("true");
        assertThat(DOCKER.exec(WEB, "ip", "-o", "link")).doesNotContain("eth0");

        // Of another lab, which has let go of its name.
        DOCKER.remove(List.of(WEB));
        DOCKER.run(WEB, List.of("--label", "opdbus.lab=u", "--label", "opdbus.lab.item=web"));
        assertThatThrownBy(() -> machines.start(LAB, item("web", 1, SLEEP)).blockingAwait())
                .hasMessageContaining("which this lab did not make");
        machines.stop(LAB, item("web", 1, SLEEP)).blockingAwait();
        assertThat(inspected("{{.State.Running}}")).isEqualTo("true");
    }

    @Test
    void a_container_whose_program_ended_stays_so_until_it_is_started() {
        LabItem web = item("web", 1, SLEEP);
        machines.start(LAB, web).blockingAwait();
        DOCKER.exec(WEB, "touch", "/kept");
        DOCKER.run("kill", WEB);
        eventually(() -> assertThat(states()).isEqualTo(Map.of("web", MachineState.ENDED)));
        machines.start(LAB, web).blockingAwait();
        assertThat(states()).isEqualTo(Map.of("web", MachineState.RUNNING));
        assertThat(DOCKER.exec(WEB, "ls", "/")).contains("kept");
        assertThat(DOCKER.exec(WEB, "ip", "-o", "link")).contains("eth0");
        // By its user, so the links are missing.
        DOCKER.run("restart", "-t", "0", WEB);
        assertThat(states()).isEmpty();
        machines.start(LAB, web).blockingAwait();
        assertThat(DOCKER.exec(WEB, "ip", "-o", "link")).contains("eth0");
        // Its id is known, whatever it is called.
        DOCKER.run("rename", WEB, "mine");
        machines.stop(LAB, web).blockingAwait();
        assertThat(DOCKER.run("ps", "-aq")).isEmpty();
    }

    @Test
    void a_container_that_was_removed_is_made_again() {
        LabItem web = item("web", 1, SLEEP);
        machines.start(LAB, web).blockingAwait();
        DOCKER.remove(List.of(WEB));
        assertThat(states()).isEmpty();
        machines.start(LAB, web).blockingAwait();
        assertThat(DOCKER.exec(WEB, "ip", "-o", "link")).contains("eth0");
    }

    @Test
    void what_a_boot_or_a_killed_agent_left_is_used_only_if_it_is_of_this_run() throws IOException {
        LabItem web = item("web", 1, SLEEP);
        machines.start(LAB, web).blockingAwait();
        DOCKER.exec(WEB, "touch", "/old");
        DOCKER.run("kill", WEB);
        Files.delete(lab.file("docker-1.item"));
        assertThat(states()).isEmpty();
        machines.start(LAB, web).blockingAwait();
        assertThat(DOCKER.exec(WEB, "ls", "/")).doesNotContain("old");

        // Killed between the start and the record of it.
        String id = DOCKER.run("ps", "-q", "--no-trunc");
        Files.writeString(lab.file("docker-1.item"), "web\n" + WEB + "\n0\n\n");
        assertThat(states()).isEmpty();
        machines.start(LAB, web).blockingAwait();
        assertThat(DOCKER.run("ps", "-q", "--no-trunc")).isEqualTo(id);
        // Of another definition.
        machines.endOther(LAB, "web").blockingAwait();
        assertThat(DOCKER.run("ps", "-aq")).isEmpty();
        assertThat(states()).isEmpty();
    }

    @Test
    void what_docker_refuses_is_told_in_words() {
        LabItem absent = new LabItem(
                "web", 1, new Docker("absent:1", ""), item("web", 1, "").endpoints());
        refused(absent, "Docker has no image absent:1", "docker pull absent:1");
        refused(item("web", 1, ""), "the image busybox names no program to run", "command=");
        refused(item("web", 1, "/nowhere x"), "Docker does not start the container cloonix_t.web: ", "log of Docker");
        refused(
                item("web", 1, "false"),
                "the program of the container cloonix_t.web ended at once, with the status 1",
                "command= gives it another program");
        assertThat(DOCKER.run("ps", "-aq")).isEmpty();
    }

    private void refused(LabItem item, String message, String remedy) {
        assertThatThrownBy(() -> machines.start(LAB, item).blockingAwait())
                .isInstanceOfSatisfying(LabRefusal.class, refusal -> {
                    assertThat(refusal).hasMessageStartingWith(message);
                    assertThat(refusal.remedy()).contains(remedy);
                });
        machines.stop(LAB, item).blockingAwait();
    }

    @Test
    void without_docker_nothing_is_started_and_only_what_was_made_cannot_be_stopped() {
        LabItem web = item("web", 1, SLEEP);
        machines.start(LAB, web).blockingAwait();
        DOCKER.stop();
        try {
            assertThat(states()).isEmpty();
            refused(
                    item("db", 2, SLEEP),
                    "Docker does not answer at " + DOCKER.socket() + ": ",
                    "systemctl start docker");
            assertThatThrownBy(() -> machines.stop(LAB, web).blockingAwait())
                    .hasMessageStartingWith("Docker does not answer at ");
        } finally {
            DOCKER.start();
        }
        machines.stop(LAB, web).blockingAwait();
        assertThat(DOCKER.run("ps", "-aq")).isEmpty();

        machines.close();
        machines = machines(Optional.empty());
        refused(web, "this agent does not look at Docker", "workloads.docker.socket");
    }

    private Map<String, MachineState> states() {
        return machines.states(LAB).blockingGet();
    }

    private static String inspected(String format) {
        return DOCKER.run("inspect", "--format", format, WEB);
    }

    private static LabItem item(String name, int id, String command) {
        return new LabItem(name, id, new Docker("busybox", command), List.of(EmptyLab.endpoint(id, 0)));
    }
}
