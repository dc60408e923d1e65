// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;
import static org.opdbus.verticles.uplink.act.UplinkLab.BRIDGE;
import static org.opdbus.verticles.uplink.act.UplinkLab.UPLINK;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.Step.Network;
import org.opdbus.verticles.uplink.plan.UplinkFailure;

/** Steps in a real Open vSwitch and a real kernel. */
class NetworkStepsIT {
    private static final int MTU = 1500;

    private final UplinkLab lab = new UplinkLab(MTU);

    @BeforeEach
    void configure() {
        RouterSide.ip("addr", "add", "192.0.2.1/24", "dev", RouterSide.LINK);
        RouterSide.ip("addr", "add", "2001:db8::1/64", "dev", RouterSide.LINK, "nodad");
        Links.batch(List.of(
                "addr add 192.0.2.10/24 brd + dev up0 metric 50",
                "addr add 192.0.2.11/24 dev up0 label up0:1",
                "addr add 198.51.100.1 peer 198.51.100.2/32 dev up0",
                "addr add 203.0.113.10/24 dev up0 noprefixroute valid_lft 3600 preferred_lft 1800",
                "addr add 2001:db8::10/64 dev up0 nodad",
                "route add default via 192.0.2.1 metric 100",
                "route add 203.0.113.7 via 192.0.2.1 src 192.0.2.11 table 1000",
                "route add default via 2001:db8::1 metric 512",
                "route add 2001:db8:5::/64 via 2001:db8::1 src 2001:db8::10 table 1000",
                "rule add iif up0 to 203.0.113.7 fwmark 0x10/0xff table 1000 priority 900",
                "neigh add 192.0.2.77 lladdr 02:00:00:00:00:77 dev up0 nud permanent"));
        UplinkLab.awaitAddresses(UPLINK);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void each_step_can_be_repeated_and_back_again() {
        Set<String> before = UplinkLab.described(UPLINK);
        lab.prepare();
        lab.prepare();
        lab.attach();
        lab.attach();
        Network network = UplinkLab.everything(UPLINK);
        lab.moveNetwork(UPLINK, BRIDGE, network);
        lab.moveNetwork(UPLINK, BRIDGE, network);

        assertThat(UplinkLab.described(UPLINK)).isEmpty();
        assertThat(UplinkLab.described(BRIDGE)).isEqualTo(before);
        assertThat(Links.ip("neigh", "show", "dev", BRIDGE)).contains("192.0.2.77 lladdr 02:00:00:00:00:77 PERMANENT");
        assertThat(lab.ovs.vsctl("get", "Port", UPLINK, "external_ids"))
                .isEqualTo("{\"op-dbus:uplink\"=move-1, \"op-dbus:uplink-host\"=here}");
        assertThat(lab.ovs.vsctl("get", "Bridge", BRIDGE, "fail_mode", "external_ids"))
                .contains("standalone")
                .contains("\"op-dbus:uplink-made\"=move-1");

        Network back = UplinkLab.everything(BRIDGE);
        lab.moveNetwork(BRIDGE, UPLINK, back);
        lab.moveNetwork(BRIDGE, UPLINK, back);
        lab.detach();
        lab.detach();
        lab.restore(true);
        lab.restore(true);

        assertThat(UplinkLab.described(UPLINK)).isEqualTo(before);
        assertThat(lab.ovs.vsctl("list-br")).isEmpty();
    }

    @Test
    void a_move_that_stopped_half_way_is_completed() {
        Set<String> before = UplinkLab.described(UPLINK);
        Network network = UplinkLab.everything(UPLINK);
        lab.prepare();
        lab.attach();
        Links.batch(List.of(
                "addr add 192.0.2.10/24 brd + dev br0 metric 50",
                "addr add 2001:db8::10/64 dev br0",
                "addr del 192.0.2.11/24 dev up0",
                "route append default via 2001:db8::1 dev br0 metric 512",
                "route del default via 192.0.2.1 dev up0"));

        lab.moveNetwork(UPLINK, BRIDGE, network);

        assertThat(UplinkLab.described(UPLINK)).isEmpty();
        assertThat(UplinkLab.described(BRIDGE)).isEqualTo(before);
    }

    @Test
    void an_address_on_the_receiver_that_the_kernel_still_checks_is_usable_afterwards() {
        lab.prepare();
        lab.attach();
        Links.ip("addr", "add", "2001:db8::10/64", "dev", BRIDGE);
        assertThat(Links.ip("-6", "addr", "show", "dev", BRIDGE)).contains("tentative");

        lab.moveNetwork(UPLINK, BRIDGE, UplinkLab.everything(UPLINK));

        assertThat(Links.ip("-6", "addr", "show", "dev", BRIDGE)).doesNotContain("tentative");
    }

    @Test
    void the_giver_loses_nothing_if_the_receiver_cannot_get_everything() {
        Set<String> before = UplinkLab.described(UPLINK);
        lab.prepare();
        lab.attach();
        Network network = UplinkLab.everything(UPLINK);
        List<ListedRoute> routes = new ArrayList<>(network.routes());
        routes.stream().filter(ListedRoute::isDefault).findFirst().ifPresent(route -> routes.add(unreachable(route)));

        assertThatThrownBy(() ->
                        lab.moveNetwork(UPLINK, BRIDGE, new Network(network.addresses(), routes, network.rules())))
                .isInstanceOf(UplinkFailure.class)
                .hasMessageContaining("br0 did not get the network of up0, which still has it")
                .hasMessageContaining("add the route 0.0.0.0/0 through 10.9.9.9");
        // A route of IPv6 through the same router over two links is shown as one route with two next hops.
        assertThat(Links.ip("-6", "route", "show", "default")).contains("via 2001:db8::1 dev up0");
        before.removeIf(line -> line.startsWith("route -6") && line.contains(" via "));
        assertThat(UplinkLab.described(UPLINK)).isEqualTo(before);
    }

    private static ListedRoute unreachable(ListedRoute route) {
        ListedRoute.NextHop hop = route.nextHops().get(0);
        return new ListedRoute(
                route.family(),
                route.table(),
                route.destination(),
                route.source(),
                route.type(),
                route.scope(),
                route.protocol(),
                route.metric() + 1,
                route.preferredSource(),
                route.tos(),
                route.mtu(),
                route.flags(),
                route.expiresS(),
                List.of(new ListedRoute.NextHop(hop.index(), Optional.of("10.9.9.9"), hop.weight(), hop.flags())),
                route.others());
    }

    @Test
    void what_is_not_the_moves_own_is_left_alone() {
        lab.ovs.addBridge("br1");
        lab.ovs.vsctl("add-port", "br1", UPLINK);
        lab.prepare();
        assertThatThrownBy(lab::attach).hasMessageContaining("it is a port of the bridge br1");
        assertThatThrownBy(lab::detach).hasMessageContaining("it is a port of the bridge br1");
        lab.ovs.vsctl("del-br", "br1");

        lab.ovs.vsctl("add-port", BRIDGE, UPLINK);
        assertThatThrownBy(lab::attach).hasMessageContaining("another program has made it a port of this bridge");
        lab.ovs.vsctl("set", "Port", UPLINK, "external_ids:\"op-dbus:owner\"=here");
        assertThatThrownBy(lab::detach).hasMessageContaining("the agent enrolled a container through it");
        lab.restore(true);
        assertThat(lab.ovs.vsctl("list-ports", BRIDGE)).isEqualTo(UPLINK);

        lab.ovs.vsctl("del-br", BRIDGE);
        lab.ovs.addBridge(BRIDGE);
        assertThatThrownBy(lab::prepare).hasMessageContaining("another program made the bridge br0");
        assertThatThrownBy(() -> lab.perform(new Step.AttachLink("none0", BRIDGE)))
                .hasMessageContaining("there is no link none0");
        assertThatThrownBy(() -> lab.perform(new Step.WriteSettings(
                        List.of(new Step.Setting("/proc/sys/net/../kernel/hostname", "a", "b")))))
                .hasMessageContaining("not below /proc/sys/net");
    }

    @Test
    void a_bridge_that_was_there_gets_its_hardware_address_and_mtu_back() {
        lab.ovs.addBridge(BRIDGE);
        String mac = UplinkLab.link(UPLINK).mac().orElseThrow();
        lab.ovs.vsctl("set", "interface", BRIDGE, "mtu_request=1400");
        lab.perform(new Step.PrepareBridge(BRIDGE, false, "netdev", mac, Optional.empty(), MTU));
        assertThat(UplinkLab.link(BRIDGE).mac()).contains(mac);
        assertThat(UplinkLab.link(BRIDGE).isUp()).isTrue();

        lab.perform(new Step.RestoreBridge(BRIDGE, false, "netdev", mac, Optional.empty(), MTU, Optional.of(1400L)));

        assertThat(lab.ovs.vsctl("get", "Bridge", BRIDGE, "other_config")).isEqualTo("{}");
        assertThat(lab.ovs.vsctl("get", "Interface", BRIDGE, "mtu_request")).isEqualTo("1400");
        eventually(
                () -> assertThat(UplinkLab.link(BRIDGE).mac()).isPresent().get().isNotEqualTo(mac));
    }

    @Test
    void without_ovs_vswitchd_a_step_fails_in_time_and_says_so() {
        lab.prepare();
        lab.ovs.killSwitch();
        assertThatThrownBy(lab::attach)
                .isInstanceOf(UplinkFailure.class)
                .hasMessageContaining("ovs-vswitchd did not act on it within 10 s");
        lab.ovs.killDatabase();
        assertThatThrownBy(lab::detach)
                .isInstanceOf(UplinkFailure.class)
                .hasMessageContaining("database does not answer");
    }
}
