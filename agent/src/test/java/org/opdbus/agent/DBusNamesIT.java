// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.dbus.testing.BusUser;
import org.opdbus.verticles.dbus.testing.PrivateBus;
import org.opdbus.verticles.dbus.testing.PrivateBus.Output;

/** The bus names of bridges, of the old port agent and of the host's links, served by the agent. */
final class DBusNamesIT {
    private static final String WRAPPER = "org.openvswitch.ovsdb";
    private static final String PORT_AGENT = "dev.ovs.PortAgent1";
    private static final String HOST = "org.system.introspection";

    private final PrivateBus bus = new PrivateBus();
    private final TestHost host =
            new TestHost(Map.of("dbus", Map.of("names", List.of(WRAPPER, PORT_AGENT, HOST), "address", bus.address())));

    @AfterEach
    void close() {
        host.close();
        bus.close();
    }

    @Test
    void each_name_shows_an_enrolled_container_and_none_lets_go_of_it() throws Exception {
        host.start();
        host.run("100");
        host.awaitEnrolled("100", "vi100");
        eventually(() -> assertThat(
                        run(BusUser.ROOT, "busctl", "list", "--acquired").text())
                .contains(WRAPPER, PORT_AGENT, HOST));

        assertThat(send(WRAPPER, "/org/openvswitch/ovsdb", "ListBridgePorts", "string:" + TestHost.BRIDGE))
                .contains("string \"vi100\"");
        assertThat(send(WRAPPER, "/org/openvswitch/ovsdb", "DeleteBridge", "string:" + TestHost.BRIDGE))
                .contains("Error.InUse", "the container 100");
        assertThat(send(PORT_AGENT, "/dev/ovs/PortAgent1", "del_port", "string:vi100"))
                .contains("Error.InUse", "the container 100");
        assertThat(send(PORT_AGENT, "/dev/ovs/PortAgent1", "list_ports")).contains("string \"vi100\"");
        assertThat(send(PORT_AGENT, "/dev/ovs/PortAgent1", "get_interface_bindings"))
                .contains("\"100\" : [", "\"interface\" : \"vi100\"");
        eventually(
                () -> assertThat(send(PORT_AGENT, "/dev/ovs/PortAgent1", "get_blocks_by_category", "string:container"))
                        .contains("container.enrolled"));
        assertThat(run(BusUser.ROOT, "busctl", "tree", HOST).text())
                .contains("/network/bridges/" + TestHost.BRIDGE, "/network/interfaces/vi100");

        assertThat(send(WRAPPER, "/org/openvswitch/ovsdb", "CreateBridge", "string:br7"))
                .startsWith("method return");
        eventually(
                () -> assertThat(host.agent.ledger("change.requested", "br7")).hasSize(1));
        assertThat(run(BusUser.ORDINARY, "busctl", "call", HOST, "/network/bridges/br7", HOST + ".Bridge", "Ports")
                        .text())
                .contains("Access denied");
        host.awaitEnrolled("100", "vi100");
    }

    private String send(String name, String path, String method, String... arguments) {
        List<String> words = new ArrayList<>(
                List.of("dbus-send", "--system", "--print-reply", "--dest=" + name, path, name + "." + method));
        words.addAll(List.of(arguments));
        return run(BusUser.ROOT, words.toArray(String[]::new)).text();
    }

    private Output run(BusUser user, String... command) {
        return bus.runAs(user, command);
    }
}
