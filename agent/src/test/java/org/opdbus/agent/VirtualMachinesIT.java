// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.opdbus.verticles.testing.QemuMachine;

/** Machines of qemu on a host whose agent nobody tells of them. */
@Timeout(300)
final class VirtualMachinesIT {
    private final TestHost host = new TestHost(Map.of());
    private final Map<String, QemuMachine> machines = new HashMap<>();

    @AfterEach
    void close() {
        machines.values().forEach(QemuMachine::close);
        host.close();
        assertThat(host.agent.logText()).doesNotContain(" ERROR ");
        eventually(() -> assertThat(TestHost.sh("ip", "-oneline", "link")).doesNotContain(" tap"));
    }

    @Test
    void machines_that_start_at_once_beside_containers_are_on_their_vlans_and_leave_nothing() throws IOException {
        want("101", 11, "b", 12, "c", 13);
        host.start();
        host.lxc.create("one");
        CompletableFuture<?> container = CompletableFuture.runAsync(() -> host.lxc.start("one"));
        start("a", "tap101i0");
        start("b", "tapb");
        start("c", "tapc0", "tapc1");
        start("d", "tapd");
        container.join();

        awaitEnrolled("101", 11, "tap101i0");
        awaitEnrolled("b", 12, "tapb");
        awaitEnrolled("c", 13, "tapc0", "tapc1");
        host.awaitEnrolled("one", "vione");
        eventually(() -> assertThat(shown("vm:d").path("state").asText()).isEqualTo("left-alone"));
        assertThat(host.ports()).containsExactlyInAnyOrder("tap101i0", "tapb", "tapc0", "tapc1", "vione");

        machines.values().forEach(QemuMachine::close);
        host.awaitPorts("vione");
        eventually(() -> assertThat(LedgerStory.of(host.agent).isToldOnce().open())
                .singleElement()
                .satisfies(open -> assertThat(open.port()).isEqualTo("vione")));
        eventually(() -> {
            assertThat(host.agent.ledger("container.started", "vm:d")).hasSize(1);
            assertThat(host.agent.ledger("container.stopped", "vm:d")).hasSize(1);
        });
    }

    @Test
    void what_happens_while_a_killed_agent_is_away_is_made_good_after_its_start() throws IOException {
        want("stays", 21, "ends", 22, "comes", 23);
        host.start();
        start("stays", "tap0");
        start("ends", "tap1");
        awaitEnrolled("stays", 21, "tap0");
        awaitEnrolled("ends", 22, "tap1");
        String row = host.ovs.vsctl("get", "port", "tap0", "_uuid");

        host.agent.kill();
        Objects.requireNonNull(machines.get("ends")).close();
        start("comes", "tap2");
        host.agent.start();

        awaitEnrolled("comes", 23, "tap2");
        awaitEnrolled("stays", 21, "tap0");
        host.awaitPorts("tap0", "tap2");
        assertThat(host.ovs.vsctl("get", "port", "tap0", "_uuid")).isEqualTo(row);
        eventually(
                () -> assertThat(LedgerStory.of(host.agent).isToldOnce().open()).hasSize(2));
    }

    @Test
    void an_entry_that_is_taken_away_or_changed_is_followed_while_the_machine_runs() throws IOException {
        host.start();
        start("web", "tap0");
        eventually(() -> assertThat(shown("vm:web").path("state").asText()).isEqualTo("left-alone"));
        apply("web", 31);
        awaitEnrolled("web", 31, "tap0");
        apply("web", 32);
        awaitEnrolled("web", 32, "tap0");
    }

    private void apply(Object... entries) throws IOException {
        want(entries);
        host.agent.hangUp();
    }

    /** Writes a state file with these machines and their VLANs. */
    private void want(Object... entries) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < entries.length; i += 2) {
            text.append(i == 0 ? "" : ",")
                    .append(String.format(
                            "{\"id\":\"%s\",\"bridge\":\"%s\",\"properties\":{\"vlan\":%s}}",
                            entries[i], TestHost.BRIDGE, entries[i + 1]));
        }
        Files.writeString(host.agent.stateFile(), "{\"version\":1,\"plugins\":{\"vm\":{\"machines\":[" + text + "]}}}");
    }

    private void start(String name, String... taps) {
        machines.put(name, QemuMachine.start(name, taps));
    }

    private void awaitEnrolled(String id, int vlan, String... taps) {
        eventually(() -> {
            JsonNode machine = shown("vm:" + id);
            assertThat(machine.path("state").asText())
                    .as("%s\n%s", machine, host.agent.logText())
                    .isEqualTo("enrolled");
            Rows rows = Rows.of(host.ovs);
            assertThat(Stream.of(taps)).allSatisfy(tap -> {
                assertThat(rows.ofport(tap)).isPositive();
                assertThat(rows.tag(tap)).isEqualTo(Integer.toString(vlan));
                assertThat(rows.externalIds(tap))
                        .containsEntry("op-dbus:container", "vm:" + id)
                        .containsKey("op-dbus:entry");
            });
        });
    }

    /** What {@code op-dbus query --plugin vm} shows of a machine. */
    private JsonNode shown(String id) {
        for (JsonNode machine : host.agent.ask("query", "vm").path("machines")) {
            if (machine.path("id").asText().equals(id)) {
                return machine;
            }
        }
        return MissingNode.getInstance();
    }
}
