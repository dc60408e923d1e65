// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.EnrollmentEvent.EnrollmentLost;
import org.opdbus.events.Workload.Asked;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.verticles.control.ControlRequests;

/** What commands show of containers of Docker and Podman and of virtual machines, against a control socket. */
final class WorkloadCommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final PlayedAgent agent = new PlayedAgent();
    private final JsonArray containers = new JsonArray().add(lxc());
    private Path config;

    @BeforeEach
    void listen() throws Exception {
        config = Files.writeString(folder.resolve("op-dbus.json"), """
                {"host": "a", "runtime": {"dir": "%1$s"}, "ledger": {"dir": "%1$s/ledger"}}
                """.formatted(folder));
        ControlRequests requests = (method, params, progress) -> Optional.ofNullable(
                switch (method) {
                    case "containers" -> Single.just(new JsonObject().put("containers", containers));
                    case "version" ->
                        Single.just(new JsonObject().put("version", "1.2.3").put("host", "a"));
                    case "cluster" -> Single.error(new IllegalStateException("this host is in no cluster"));
                    default -> null;
                });
        agent.listen(folder.resolve("control.sock"), "a", requests);
    }

    @AfterEach
    void close() {
        agent.close();
    }

    private static JsonObject lxc() {
        return new JsonObject()
                .put("id", "100")
                .put("veth", "vi100")
                .put("bridge", "vmbr0")
                .put("running", true)
                .put("properties", new JsonObject().put("vlan", 7))
                .put("state", "enrolled");
    }

    private static JsonObject workload(String kind, String own, String name) {
        return lxc().put("id", kind + ":" + own).put("kind", kind).put("name", name);
    }

    private CommandRun command(String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("--config", config.toString()));
        all.addAll(List.of(words));
        return CommandRun.of(all.toArray(String[]::new));
    }

    @Test
    void a_host_that_has_only_LXC_gets_the_columns_that_it_always_had() throws Exception {
        assertThat(command("container", "list").lines())
                .containsExactly(
                        "ID   STATE     VETH   BRIDGE  VLAN  ADDRESS  REASON", "100  enrolled  vi100  vmbr0   7     -");
    }

    @Test
    void the_kind_and_the_name_are_columns_when_there_is_anything_but_LXC() throws Exception {
        containers.add(workload("docker", "3f2ab1c9d0e1", "web"));
        assertThat(command("container", "list").lines())
                .containsExactly(
                        "ID                   KIND    NAME  STATE     VETH   BRIDGE  VLAN  ADDRESS  REASON",
                        "100                  lxc     100   enrolled  vi100  vmbr0   7     -",
                        "docker:3f2ab1c9d0e1  docker  web   enrolled  vi100  vmbr0   7     -");
    }

    @Test
    void a_container_of_an_engine_is_shown_by_its_id_and_by_its_name_if_that_is_the_only_one() throws Exception {
        containers.add(workload("docker", "3f2ab1c9d0e1", "web"));
        assertThat(JSON.readTree(command("container", "show", "web").out()))
                .isEqualTo(JSON.readTree(
                        command("container", "show", "docker:3f2ab1c9d0e1").out()));
        containers.add(workload("podman", "aaaaaaaaaaaa", "web"));
        CommandRun several = command("container", "show", "web");
        assertThat(several.status()).isEqualTo(2);
        assertThat(several.err()).contains("docker:3f2ab1c9d0e1, podman:aaaaaaaaaaaa");
        assertThat(command("container", "show", "shop").err()).contains("there is no container shop");
    }

    @Test
    void query_of_all_hosts_puts_each_under_its_plugin() throws Exception {
        containers.add(workload("docker", "3f2ab1c9d0e1", "web")).add(workload("vm", "101", "mail"));
        JsonNode all = JSON.readTree(command("query", "--all-hosts").out());
        assertThat(all.at("/plugins/lxc/containers").findValuesAsText("id")).containsExactly("100");
        assertThat(all.at("/plugins/docker/containers").findValuesAsText("name"))
                .containsExactly("web");
        assertThat(all.at("/plugins/docker/containers").findValuesAsText("host"))
                .containsExactly("a");
        assertThat(all.at("/plugins/vm/machines").findValuesAsText("name")).containsExactly("mail");
        assertThat(all.path("plugins").has("podman")).isFalse();

        JsonNode machines =
                JSON.readTree(command("query", "--all-hosts", "--plugin", "vm").out());
        assertThat(machines.path("machines").findValuesAsText("id")).containsExactly("vm:101");
        assertThat(JSON.readTree(command("query", "--all-hosts", "--plugin", "podman")
                                .out())
                        .path("containers"))
                .isEmpty();
        assertThat(command("query", "--all-hosts", "--plugin", "lab").err()).contains("not the plugin \"lab\"");
    }

    @Test
    void events_are_followed_by_the_name_of_a_container_that_starts_later() throws Exception {
        ContainerId id = Kind.DOCKER.id("3f2ab1c9d0e1");
        CommandRun events =
                CommandRun.started("--config", config.toString(), "events", "-f", "--filter", "container=web");
        eventually(() -> {
            // An event shows whether it listens by now.
            agent.publish(new ContainerStarted(new EngineContainer(id, "web", "nginx:1", "none", Asked.NOTHING), 7));
            assertThat(events.lines())
                    .anyMatch(line -> line.matches(
                            "\\S+Z +container.started +docker:3f2ab1c9d0e1 .*image.*nginx:1.*name.*web.*"));
        });
        agent.publish(new EnrollmentLost(id, "e-1", "vi3f2ab1c9d0e1", "vmbr0", "a test"));
        agent.publish(new EnrollmentLost(new ContainerId("100"), "e-2", "vi100", "vmbr0", "a test"));
        eventually(() -> assertThat(events.lines())
                .anyMatch(line -> line.matches("\\S+Z +enrollment.lost +docker:3f2ab1c9d0e1 .*")));
        assertThat(events.out()).doesNotContain("vi100");
    }
}
