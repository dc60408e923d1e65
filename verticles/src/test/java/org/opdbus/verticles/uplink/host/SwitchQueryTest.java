// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.uplink.plan.UplinkPicture.DhcpClient;
import org.opdbus.verticles.uplink.plan.UplinkPicture.SwitchBridge;

/** What the database and the arguments of DHCP clients say. */
final class SwitchQueryTest {
    private static final String ROWS = """
            [{"rows":[
              {"name":"br0","datapath_type":"netdev","fail_mode":"secure","controller":["uuid","c1"],"stp_enable":false,
               "rstp_enable":true,"other_config":["map",[["hwaddr","02:00:00:00:00:09"]]],
               "external_ids":["map",[["op-dbus:uplink-made","move-1"]]],
               "ports":["set",[["uuid","p0"],["uuid","p1"],["uuid","p2"]]]},
              {"name":"a0","datapath_type":"","fail_mode":["set",[]],"controller":["set",[]],"stp_enable":false,
               "rstp_enable":false,"other_config":["map",[]],"external_ids":["map",[]],"ports":["uuid","p9"]}]},
             {"rows":[
              {"_uuid":["uuid","p0"],"name":"br0","external_ids":["map",[]]},
              {"_uuid":["uuid","p1"],"name":"vi101","external_ids":["map",[["op-dbus:owner","h"]]]},
              {"_uuid":["uuid","p2"],"name":"eth0","external_ids":["map",[["op-dbus:uplink","move-1"]]],
               "tag":42,"trunks":["set",[]],"vlan_mode":"access"},
              {"_uuid":["uuid","p9"],"name":"a0","external_ids":["map",[]]}]},
             {"rows":[{"_uuid":["uuid","c1"],"target":"tcp:192.0.2.9:6653"}]},
             {"rows":[{"name":"br0","mtu_request":9000},{"name":"a0","mtu_request":["set",[]]}]}]
            """;

    private static DhcpClient client(String... arguments) {
        return new DhcpClient("dhclient", 1, List.of(arguments));
    }

    @Test
    void a_bridge_is_read_with_all_that_can_forbid_a_move() {
        assertThat(SwitchQuery.read(ROWS))
                .containsExactly(
                        new SwitchBridge(
                                "a0",
                                "",
                                Optional.empty(),
                                List.of(),
                                false,
                                Optional.empty(),
                                List.of(),
                                Map.of(),
                                Optional.empty()),
                        new SwitchBridge(
                                "br0",
                                "netdev",
                                Optional.of("secure"),
                                List.of("tcp:192.0.2.9:6653"),
                                true,
                                Optional.of("02:00:00:00:00:09"),
                                List.of("eth0", "vi101"),
                                Map.of("eth0", "move-1"),
                                Optional.of("move-1"),
                                Optional.of(9_000L),
                                Map.of("eth0", "\"tag\":42,\"vlan_mode\":\"access\"")));
    }

    @Test
    void rows_of_another_form_are_refused() {
        for (String text :
                List.of("", "[]", "[{}]", "[{\"error\":\"x\"},{},{}]", "{}", "[{\"rows\":[1]},{\"rows\":[]}]")) {
            assertThatThrownBy(() -> SwitchQuery.read(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_client_serves_the_links_that_it_names_or_all() {
        Set<String> names = Set.of("lo", "eth0", "eth1");

        assertThat(DhcpProcesses.serves(client("-4", "-pf", "/run/dhclient.eth0.pid", "eth0"), "eth0", names))
                .isTrue();
        assertThat(DhcpProcesses.serves(client("-4", "eth1"), "eth0", names)).isFalse();
        assertThat(DhcpProcesses.serves(client("-ieth0"), "eth0", names)).isTrue();
        assertThat(DhcpProcesses.serves(client("-d"), "eth0", names)).isTrue();
        assertThat(DhcpProcesses.serves(client("eth1 [ip4]"), "eth0", names)).isFalse();
    }
}
