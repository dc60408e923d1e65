// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.opdbus.verticles.testing.Laboratory;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.LxcContainers;
import org.opdbus.verticles.testing.LxcContainers.Definition;
import org.opdbus.verticles.testing.PrivateDocker;

/** A container of a real Docker and one of LXC in a lab of a real agent, by the commands that a user calls. */
@Timeout(300)
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DockerLabIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WEB = "cloonix_nemo.web";
    private static final String PING = "1 packets received";

    private final LxcContainers containers = new LxcContainers();
    private final PrivateDocker docker = new PrivateDocker();
    private final Path folder = folder();
    private final AgentProcess agent = new AgentProcess(
            folder,
            Map.of(
                    "ovsdb", Map.of("socket", folder.resolve("none").toString()),
                    "lxc", Map.of("path", containers.lxcPath().toString()),
                    "workloads",
                            Map.of("docker", Map.of("socket", docker.socket().toString()))));
    private String before = "";

    private static Path folder() {
        Laboratory.require();
        try {
            return Files.createTempDirectory("op-dbus-lab-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeAll
    void begin() throws IOException {
        Files.createDirectories(Path.of("/run/netns"));
        containers.create(Definition.of("box").withoutNetwork());
        before = host();
        agent.start();
        does("start", "--empty");
        does("add", "lxc", "box", "eth=v");
        does("add", "lan", "box", "0", "lan01");
        containers.attach("box", "ip", "addr", "add", "10.7.0.2/24", "dev", "eth0");
    }

    @AfterAll
    void end() {
        if (agent.isAlive()) {
            TestCommand.Result unused = lab("remove");
        }
        agent.close();
        docker.close();
        containers.close();
    }

    @Test
    @Order(1)
    void without_docker_an_item_is_refused_with_what_to_do_and_the_rest_of_the_lab_works() {
        assertThat(lab("add", "docker", "web", "busybox").out())
                .startsWith("KO Docker does not answer at " + docker.socket())
                .contains("systemctl start docker");
        does("add", "tap", "tap0");
        does("del", "tap0");
        assertThat(lab("dump").out()).doesNotContain("web");
    }

    @Test
    @Order(2)
    void a_container_is_made_from_an_image_and_reaches_one_of_lxc() {
        docker.start();
        // What its labels ask for would lead out of the lab.
        docker.create("seed", List.of());
        docker.run("commit", "-c", "LABEL opdbus.bridge=vmbr0", "-c", "CMD [\"sleep\", \"1000000\"]", "seed", "web:1");
        docker.remove(List.of("seed"));
        assertThat(lab("add", "docker", "web", "absent:2").out()).startsWith("KO Docker has no image absent:2");
        does("add", "docker", "web", "eth=sv", "web:1");
        does("add", "lan", "web", "0", "lan01");
        does("add", "lan", "web", "1", "lan02", "tag=7");
        address();
        pings();
        assertThat(docker.exec(WEB, "ip", "-o", "link")).contains("eth0", "eth1");
        assertThat(host()).isEqualTo(before);
        String port = port();
        assertThat(lab("vsctl", "list-ports", "_b_lan01").out().lines()).contains(port, "s" + port);
        eventually(() -> assertThat(lab("vsctl", "get", "Interface", "s" + port, "statistics:tx_packets")
                        .out())
                .matches("[1-9][0-9]*\\s*"));
        does("spy", "web", "0", "off");
        assertThat(lab("vsctl", "list-ports", "_b_lan01").out()).doesNotContain("s" + port);
        does("spy", "web", "0", "on");
        assertThat(lab("dump").out()).contains("add docker web eth=sv mac=").contains("image=web:1");
    }

    @Test
    @Order(3)
    void it_is_shown_as_a_container_that_the_agent_does_not_attach() {
        eventually(() -> {
            JsonNode shown = JSON.readTree(TestCommand.run(agent.config(), "query", "--plugin", "docker")
                            .out())
                    .path("containers")
                    .path(0);
            assertThat(shown.path("name").asText()).as(shown.toString()).isEqualTo(WEB);
            assertThat(shown.path("state").asText()).as(shown.toString()).isEqualTo("left-alone");
            assertThat(shown.path("bridge").asText()).isEmpty();
        });
    }

    @Test
    @Order(4)
    void it_outlives_its_agent() throws IOException {
        long init = docker.initPid(WEB);
        String shown = lab("show", "--json").out();
        agent.kill();
        pings();
        agent.start();
        awaitSettled();
        assertThat(JSON.readTree(lab("show", "--json").out())).isEqualTo(JSON.readTree(shown));
        assertThat(docker.initPid(WEB)).isEqualTo(init);
        pings();
    }

    @Test
    @Order(5)
    void it_comes_back_after_a_restart_of_docker_and_after_its_removal_but_not_after_its_own_end() {
        docker.stop();
        eventually(() -> assertThat(lab("show", "--json").out()).contains("Docker does not answer at"));
        does("add", "tap", "tap0");
        does("del", "tap0");
        docker.start();
        reachesAgain();

        docker.remove(List.of(WEB));
        eventually(() ->
                assertThat(docker.run("ps", "-q", "--filter", "name=" + WEB)).isNotEmpty());
        reachesAgain();

        docker.run("kill", WEB);
        eventually(() -> assertThat(lab("show", "--json").out())
                .contains("it ended by itself; this starts it again: op-dbus lab nemo start"));
        assertThat(docker.run("ps", "-q")).isEmpty();
        does("start");
        reachesAgain();
    }

    @Test
    @Order(6)
    void it_goes_and_comes_with_its_lab_and_leaves_nothing() throws IOException {
        docker.run("mine", List.of());
        String dump = lab("dump").out();
        does("stop");
        assertThat(docker.run("ps", "-a", "--format", "{{.Names}}")).isEqualTo("mine");
        does("start");
        assertThat(lab("dump").out()).isEqualTo(dump);
        containers.attach("box", "ip", "addr", "add", "10.7.0.2/24", "dev", "eth0");
        address();
        pings();
        does("del", "web");
        assertThat(docker.run("ps", "-a", "--format", "{{.Names}}")).isEqualTo("mine");
        does("add", "docker", "web", "eth=v", "busybox", "command=sleep 1000000");
        does("remove");
        assertThat(docker.run("ps", "-a", "--format", "{{.Names}}")).isEqualTo("mine");
        assertThat(docker.exec("mine", "ip", "-o", "link")).doesNotContain("eth0");
        assertThat(host()).isEqualTo(before);
        assertThat(Links.ip("netns", "list")).isEmpty();
        try (Stream<Path> left = Files.list(folder.resolve("run/labs"))) {
            assertThat(left).isEmpty();
        }
    }

    private void address() {
        docker.exec(WEB, "ip", "addr", "add", "10.7.0.1/24", "dev", "eth0");
    }

    /** What is shown can be what was there a moment ago. */
    private void reachesAgain() {
        eventually(() -> {
            docker.exec(WEB, "ip", "addr", "replace", "10.7.0.1/24", "dev", "eth0");
            pings();
        });
        awaitSettled();
    }

    private void pings() {
        assertThat(docker.exec(WEB, "ping", "-c", "1", "-W", "5", "10.7.0.2")).contains(PING);
    }

    /** The port of the container's first endpoint. */
    private String port() {
        return lab("show", "--json").out().replaceAll("(?s).*\"web\".*?\"(_k_[0-9]+_0)\".*", "$1");
    }

    private void awaitSettled() {
        eventually(() -> {
            JsonNode shown = JSON.readTree(lab("show", "--json").out());
            assertThat(shown.path("settled").asBoolean()).as(shown.toString()).isTrue();
        });
    }

    private void does(String... words) {
        assertThat(lab(words).out()).as(String.join(" ", words)).endsWith("OK\n");
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
