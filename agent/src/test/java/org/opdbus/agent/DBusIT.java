// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.dbus.testing.BusUser;
import org.opdbus.verticles.dbus.testing.PrivateBus;
import org.opdbus.verticles.dbus.testing.PrivateBus.Output;
import org.opdbus.verticles.testing.LxcContainers.Definition;

/** The agent on a real message bus, as busctl(1), gdbus(1) and dbus-send(1) see it. */
final class DBusIT {
    private static final String NAME = "org.opdbus";

    private final PrivateBus bus = new PrivateBus();
    private final TestHost host =
            new TestHost(Map.of("dbus", Map.of("names", List.of(NAME), "address", bus.address())));

    @AfterEach
    void close() {
        host.close();
        bus.close();
    }

    @Test
    void a_container_is_an_object_from_its_start_to_its_end() throws Exception {
        host.start();
        awaitName();
        Path heard = Files.createTempFile(bus.folder(), "monitor", ".txt");
        Process monitor = new ProcessBuilder("busctl", "--address=" + bus.address(), "monitor", NAME)
                .redirectErrorStream(true)
                .redirectOutput(heard.toFile())
                .start();
        eventually(() -> assertThat(Files.readString(heard)).contains("Monitoring bus message stream"));
        try {
            host.run("web-1");
            host.awaitEnrolled("web-1", "viweb-1");
            eventually(() ->
                    assertThat(call("GetContainer", "s", "web-1")).isEqualTo("o \"/org/opdbus/container/web_2d1\""));
            assertThat(property("/org/opdbus/container/web_2d1", "org.opdbus.Container1", "State"))
                    .isEqualTo("s \"enrolled\"");
            assertThat(property("/org/opdbus", "org.opdbus.Manager1", "Enrolled"))
                    .isEqualTo("u 1");
            assertThat(call("ListContainers")).contains("\"web-1\" \"viweb-1\" \"vmbr0\" true \"enrolled\"");
            eventually(() -> assertThat(Files.readString(heard))
                    .contains("Member=InterfacesAdded", "Member=PropertiesChanged", "Member=EntryCommitted")
                    .contains("container.enrolled"));

            assertThat(busctl("tree", NAME)).contains("/org/opdbus/container/web_2d1", "/org/opdbus/state");
            assertThat(busctl("introspect", NAME, "/org/opdbus/container/web_2d1"))
                    .contains("org.opdbus.Container1", ".Stop", ".Links", "a(sussu)");
            busctl("call", NAME, "/org/opdbus/container/web_2d1", "org.opdbus.Container1", "Stop");
            host.awaitPorts();
            eventually(() ->
                    assertThat(host.agent.ledger("change.requested", "web-1")).hasSize(1));
        } finally {
            monitor.destroyForcibly().waitFor();
        }
    }

    @Test
    void containers_that_run_before_the_agent_are_registered_too() {
        Map<String, Object> settings =
                Map.of("dbus", Map.of("names", List.of(NAME), "address", bus.address(), "machined", true));
        try (TestHost registering = new TestHost(settings)) {
            registering.run("100");
            registering.start();
            registering.awaitEnrolled("100", "vi100");
            // No machined is on this bus, and one line says so for each container.
            eventually(() -> assertThat(registering.agent.logText()).contains("machined=refused container=100"));
        }
    }

    @Test
    void state_is_applied_as_a_job_and_as_text() throws Exception {
        host.start();
        awaitName();
        host.lxc.create(Definition.of("100"));
        String state =
                "{\"version\": 1, \"plugins\": {\"lxc\": {\"containers\": [{\"id\": \"100\", \"running\": true}]}}}";
        Files.writeString(host.agent.stateFile(), state);

        assertThat(call("Diff", "s", "")).contains("100");
        String job = call("Apply", "sa{sv}", "", "1", "dry-run", "b", "true");
        String path = job.substring(3, job.length() - 1);
        eventually(() -> assertThat(property(path, "org.opdbus.Job1", "State")).isEqualTo("s \"done\""));
        assertThat(property(path, "org.opdbus.Job1", "Result")).contains("failed");

        Output applied = bus.runAs(
                BusUser.ROOT,
                "gdbus",
                "call",
                "--system",
                "--dest",
                NAME,
                "--object-path",
                "/org/opdbus/state",
                "--method",
                "org.opdbus.StateManager.ApplyState",
                state);
        assertThat(applied.text()).isEqualTo("('Applied successfully: true',)");
        host.awaitEnrolled("100", "vi100");
        assertThat(busctl("call", NAME, "/org/opdbus/state", "org.opdbus.StateManager", "QueryPlugin", "s", "lxc"))
                .contains("vi100");
        assertThat(call("VerifyLedger")).startsWith("bts true");
        assertThat(call("GetEntry", "t", "1")).contains("agent.started");
        assertThat(bus.runAs(
                                BusUser.ROOT,
                                "busctl",
                                "call",
                                NAME,
                                "/org/opdbus",
                                "org.opdbus.Manager1",
                                "Apply",
                                "s",
                                "x")
                        .text())
                .contains("takes (sa{sv}), and the call gives (s)");
    }

    @Test
    void the_command_line_says_what_a_user_may_do() {
        TestCommand.Result absent = TestCommand.run(host.agent.config(), "dbus", "--check");
        assertThat(absent.status()).isEqualTo(1);
        assertThat(absent.out()).contains("no program owns it");
        host.start();
        awaitName();
        TestCommand.Result root = TestCommand.run(host.agent.config(), "dbus", "--check");
        assertThat(root.status()).as(root.out()).isZero();
        assertThat(root.out()).contains("owned by process " + host.agent.pid(), "you are root");
        bus.kill();
        TestCommand.Result none = TestCommand.run(host.agent.config(), "dbus", "--check");
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).contains("there is no bus at " + bus.address());
    }

    @Test
    void the_bus_may_be_absent_restart_or_give_the_name_to_another() throws Exception {
        bus.kill();
        host.start();
        eventually(() -> assertThat(host.agent.logText()).contains("dbus=absent"));
        host.run("100");
        host.awaitEnrolled("100", "vi100");

        bus.start();
        awaitName();
        bus.kill();
        host.run("101");
        host.awaitEnrolled("101", "vi101");
        bus.start();
        awaitName();
        assertThat(property("/org/opdbus", "org.opdbus.Manager1", "Enrolled")).isEqualTo("u 2");
    }

    private void awaitName() {
        eventually(() -> assertThat(busctl("list", "--acquired")).contains(NAME));
    }

    private String call(String method, String... arguments) {
        List<String> words =
                new ArrayList<>(List.of("busctl", "call", NAME, "/org/opdbus", "org.opdbus.Manager1", method));
        words.addAll(List.of(arguments));
        Output output = bus.runAs(BusUser.ROOT, words.toArray(String[]::new));
        assertThat(output.exit())
                .as("%s: %s\n%s", words, output.text(), host.agent.logText())
                .isZero();
        return output.text();
    }

    private String property(String path, String of, String name) {
        return busctl("get-property", NAME, path, of, name);
    }

    private String busctl(String... arguments) {
        List<String> words = new ArrayList<>(List.of("busctl"));
        words.addAll(List.of(arguments));
        return bus.runAs(BusUser.ROOT, words.toArray(String[]::new)).text();
    }
}
