// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.portagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.reactivex.rxjava3.schedulers.Schedulers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;
import org.opdbus.verticles.dbus.portagent.PortAgentFace.Sources;
import org.opdbus.verticles.dbus.testing.BusClient;
import org.opdbus.verticles.dbus.testing.BusUser;
import org.opdbus.verticles.dbus.testing.FaceLab;
import org.opdbus.verticles.dbus.testing.FakeHostWork;
import org.opdbus.verticles.dbus.testing.PrivateBus.Output;
import org.opdbus.verticles.dbus.wire.Body;
import org.opdbus.verticles.dbus.wire.Variant;
import org.opdbus.verticles.dbus.work.LedgerWork;

class PortAgentFaceIT {
    private static final String NAME = PortAgentFace.NAME;
    private static final String PATH = "/dev/ovs/PortAgent1";

    @TempDir
    Path folder;

    private final FakeHostWork work = new FakeHostWork();
    private String hash = "";
    private FaceLab lab;

    @BeforeEach
    void start() {
        Path dir = folder.resolve("ledger");
        try (FileLedger ledger = FileLedger.open(LedgerOptions.of(dir, "here"))) {
            ledger.append(new Draft("container.enrolled", "100", Map.of("bridge", "br0")))
                    .join();
            ledger.append(new Draft("link.renamed", "vi100", Map.of())).join();
            hash = ledger.append(new Draft("container.left", "100", Map.of()))
                    .join()
                    .hash();
        }
        lab = new FaceLab(
                (made, loop) -> new PortAgentFace(
                        new Sources(made.inventory, made.bridges(), work, "br0"),
                        new LedgerSearch(dir, new LedgerWork(dir, Optional::empty, Schedulers.io()), Schedulers.io())),
                NAME);
        lab.ovs.addBridge("br0");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void both_spellings_of_every_method_are_understood() {
        assertThat(send("Ping").text()).endsWith("string \"pong\"");
        assertThat(send("ping").text()).endsWith("string \"pong\"");
        assertThat(lab.gdbus(PATH, NAME + ".add_port", "p0").text()).isEqualTo("('p0 is a port of br0',)");
        assertThat(lab.gdbus(PATH, NAME + ".AddPort", "p1").text()).isEqualTo("('p1 is a port of br0',)");
        assertThat(send("list_ports").text()).contains("string \"p0\"").contains("string \"p1\"");
        assertThat(lab.busctl(BusUser.ROOT, "call", NAME, PATH, NAME, "DelPort", "s", "p0")
                        .text())
                .isEqualTo("s \"p0 is no port of br0\"");
        assertThat(lab.busctl(BusUser.ROOT, "call", NAME, PATH, NAME, "ListPorts")
                        .text())
                .isEqualTo("as 1 \"p1\"");
        assertThat(lab.requested).containsExactly("AddPort p0", "AddPort p1", "DelPort p0");
    }

    @Test
    void the_state_is_queried_compared_and_applied() {
        assertThat(send("query_state", "net").text()).contains("queried");
        assertThat(send("QueryState", "").text()).contains("queried");
        assertThat(send("show_diff", "{\"version\":1}").text()).contains("changes");
        assertThat(send("apply_state", "{\"version\":1}").text()).contains("unchanged");
        assertThat(work.asked)
                .containsExactly("query net", "query everything", "diff {\"version\":1}", "apply {\"version\":1}");
    }

    @Test
    void the_ledger_answers_for_the_blockchain() {
        assertThat(send("get_blockchain_stats").text())
                .contains("\"total_blocks\" : 3")
                .contains("\"container\" : 2")
                .contains("\"here\" : 3");
        assertThat(send("GetBlocksByCategory", "container").text())
                .contains("container.enrolled")
                .contains("container.left")
                .doesNotContain("link.renamed");
        assertThat(send("get_blocks_by_category", "link.renamed").text()).contains("vi100");
        assertThat(send("get_blocks_by_category", "network").text()).endsWith("string \"[]\"");
        assertThat(send("get_blocks_by_height", "uint64:2", "uint64:2").text())
                .contains("link.renamed")
                .doesNotContain("container.");
        assertThat(send("GetBlocksByHeight", "uint64:1", "uint64:18446744073709551615")
                        .text())
                .contains("container.left");
        assertThat(send("get_blocks_by_height", "uint64:3", "uint64:2").text()).contains("Error.InvalidArgs");
        assertThat(send("get_block_by_hash", hash).text()).contains("container.left");
        assertThat(send("GetBlockByHash", "0".repeat(64)).text()).endsWith("string \"Block not found\"");
        assertThat(send("get_block_by_hash", "12").text()).contains("Error.InvalidArgs");
        assertThat(send("verify_blockchain_integrity").text()).contains("Blockchain integrity: ");
    }

    @Test
    void what_the_agent_does_not_do_is_refused_with_what_to_use_instead() {
        assertThat(send("clear_flows").text()).contains("Error.NotSupported").contains("ovs-ofctl");
        assertThat(send("DumpFlows").text()).contains("Error.NotSupported");
        assertThat(send("StreamVectors", "abc", "host; rm -rf /").text()).contains("ledger export");
        assertThat(send("add_blockchain_data", "settings", "changed", "{}").text())
                .contains("Error.NotSupported");
        assertThat(send("AddBlockchainEvent", "a", "b", "{}").text()).contains("no caller can write");
        assertThat(send("setup_container_routing", "192.0.2.1", "p0", "uint32:1")
                        .text())
                .contains("Error.NotSupported");
        assertThat(send("setup_application_routing", "p0").text()).contains("Error.NotSupported");
        assertThat(send("setup_basic_routing", "192.0.2.0/24", "eth0", "p0").text())
                .contains("Error.NotSupported");
        assertThat(send("create_container_interface", "veth1", "100", "uint32:100")
                        .text())
                .contains("by itself");
        assertThat(send("RemoveContainerInterface", "vi100").text()).contains("Error.NotSupported");
        assertThat(send("atomic_bridge_operation", "br0", "create_checkpoint").text())
                .contains("Error.NotSupported");
        assertThat(lab.requested).isEmpty();
    }

    @Test
    void bridges_links_and_bindings_are_those_of_the_inventory() {
        lab.ovs.vsctl("add-port", "br0", "p0", "tag=7");
        eventually(() -> assertThat(send("get_bridge_topology", "br0").text())
                .contains("\"ports\" : [ \"p0\" ]")
                .contains("\"tag\" : 7"));
        assertThat(send("GetBridgeTopology", "br9").text()).contains("NoSuchBridge");
        assertThat(send("validate_bridge_connectivity", "br0").text())
                .contains("\"ovs_bridge_exists\" : true")
                .contains("\"p0\" : false")
                .contains("\"connectivity_preserved\" : false");
        assertThat(send("validate_bridge_connectivity", "br9").text()).contains("\"ovs_bridge_exists\" : false");
        assertThat(send("atomic_bridge_operation", "br0", "validate_topology").text())
                .contains("bridge_synchronization");
        eventually(() -> assertThat(send("get_system_network_state").text())
                .contains("\"br0\" : [ \"p0\" ]")
                .contains("\"name\" : \"lo\""));
        assertThat(send("get_interface_bindings").text()).contains("{ }");
    }

    @Test
    void other_managers_are_asked_if_they_run_and_never_started() {
        lab.bus.addService("org.freedesktop.network1", "/bin/false");
        assertThat(send("introspect_systemd_networkd").text()).contains("\"running\" : false");
        assertThat(send("introspect_network_manager").text()).contains("\"running\" : false");

        try (BusClient networkd = new BusClient(
                lab.vertx,
                lab.bus.socketAddress(),
                (own, message) -> own.send(message.reply(Body.of(
                        "a{sv}",
                        Map.of("OperationalState", Variant.of("routable"), "Links", Variant.ofStrings(List.of()))))))) {
            networkd.own("org.freedesktop.network1");
            assertThat(send("IntrospectSystemdNetworkd").text())
                    .contains("\"running\" : true")
                    .contains("\"OperationalState\" : \"routable\"");
        }
    }

    @Test
    void introspection_shows_the_pascal_case_names() {
        assertThat(lab.busctl(BusUser.ROOT, "introspect", NAME, PATH, NAME)
                        .text()
                        .lines())
                .filteredOn(line -> line.contains(" method "))
                .hasSize(29)
                .allMatch(line -> Character.isUpperCase(line.charAt(1)));
    }

    private Output send(String method, String... arguments) {
        return lab.dbusSend(PATH, NAME + "." + method, arguments);
    }
}
