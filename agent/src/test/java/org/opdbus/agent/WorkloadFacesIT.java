// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.dbus.testing.BusUser;
import org.opdbus.verticles.dbus.testing.PrivateBus;
import org.opdbus.verticles.testing.PrivatePodman;
import org.opdbus.verticles.testing.QemuMachine;

/** A container of a real Podman and a machine of qemu, as commands, ovsdb-client and busctl show them. */
final class WorkloadFacesIT {
    private static final String NAME = "org.opdbus";

    private final PrivateBus bus = new PrivateBus();
    private final PrivatePodman podman = new PrivatePodman();
    private final TestHost host = new TestHost(Map.of(
            "dbus",
            Map.of("names", List.of(NAME), "address", bus.address()),
            "workloads",
            Map.of("podman", Map.of("socket", podman.socket().toString()))));

    @AfterEach
    void close() {
        podman.close();
        host.close();
        bus.close();
    }

    @Test
    void a_container_of_podman_and_a_machine_show_in_every_face_until_they_are_gone() throws IOException {
        Files.writeString(
                host.agent.stateFile(),
                "{\"version\":1,\"plugins\":{\"vm\":{\"machines\":[{\"id\":\"db\",\"bridge\":\"" + TestHost.BRIDGE
                        + "\",\"properties\":{\"vlan\":43}}]}}}");
        podman.start();
        host.start();
        String id = podman.run("web", List.of("--label", "opdbus.vlan=42")).substring(0, 12);
        QemuMachine machine = QemuMachine.start("db", "tap0");
        try {
            shows("podman", "containers", "podman:" + id, "vi" + id);
            shows("vm", "machines", "vm:db", "tap0");
            eventually(() -> {
                assertThat(rows("docker", "bridge", "engine", "id", "image", "name", "network", "state"))
                        .containsExactly("vmbr0,podman,podman:" + id + ",localhost/busybox:latest,web,none,enrolled");
                assertThat(rows("vm", "bridge", "id", "name", "state")).containsExactly("vmbr0,vm:db,db,enrolled");
            });
            isObject("podman:" + id, "podman_3a" + id, "podman", "web");
            isObject("vm:db", "vm_3adb", "vm", "db");
            assertThat(TestCommand.run(host.agent.config(), "container", "list").out())
                    .contains("podman:" + id, "web", "vm:db");
        } finally {
            machine.close();
        }
        podman.remove(List.of("web"));
        eventually(() -> {
            assertThat(rows("docker", "id", "name")).isEmpty();
            assertThat(rows("vm", "id", "name")).isEmpty();
            assertThat(busctl("tree", NAME)).doesNotContain("podman_3a", "vm_3a");
        });
        host.awaitPorts();
    }

    private void shows(String plugin, String list, String id, String port) {
        eventually(() -> assertThat(host.agent.ask("query", plugin).path(list))
                .as(host.agent.logText())
                .singleElement()
                .satisfies(shown -> {
                    assertThat(shown.path("id").asText()).isEqualTo(id);
                    assertThat(shown.path("state").asText()).isEqualTo("enrolled");
                    assertThat(shown.path("veth").asText()).isIn(port, "");
                }));
    }

    private void isObject(String id, String path, String kind, String name) {
        eventually(() -> assertThat(busctl("call", NAME, "/org/opdbus", "org.opdbus.Manager1", "GetContainer", "s", id))
                .isEqualTo("o \"/org/opdbus/container/" + path + "\""));
        assertThat(property(path, "Kind")).isEqualTo("s \"" + kind + "\"");
        assertThat(property(path, "Name")).isEqualTo("s \"" + name + "\"");
        assertThat(property(path, "State")).isEqualTo("s \"enrolled\"");
    }

    private String property(String path, String name) {
        return busctl("get-property", NAME, "/org/opdbus/container/" + path, "org.opdbus.Container1", name);
    }

    private String busctl(String... arguments) {
        List<String> words = new ArrayList<>(List.of("busctl"));
        words.addAll(List.of(arguments));
        return bus.runAs(BusUser.ROOT, words.toArray(String[]::new)).text();
    }

    /** The rows of a table of NonNet, as ovsdb-client prints them: the columns in the order of their names. */
    private List<String> rows(String table, String... columns) {
        List<String> words = new ArrayList<>(List.of(
                "ovsdb-client",
                "--format=csv",
                "--data=bare",
                "--no-headings",
                "dump",
                "unix:" + host.agent.controlSocket().resolveSibling("nonnet.db.sock"),
                table));
        words.addAll(List.of(columns));
        return TestHost.sh(words.toArray(String[]::new))
                .lines()
                .filter(line -> line.contains(","))
                .toList();
    }
}
