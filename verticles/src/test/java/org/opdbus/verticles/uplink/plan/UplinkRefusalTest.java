// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute.NextHop;
import org.opdbus.verticles.uplink.plan.UplinkPicture.DhcpClient;
import org.opdbus.verticles.uplink.plan.UplinkPicture.LinkOwner;
import org.opdbus.verticles.uplink.plan.UplinkPicture.SwitchBridge;
import org.opdbus.verticles.uplink.plan.UplinkRefusal.Reason;

/** Each reason against a move onto a bridge, with what to do about it. */
final class UplinkRefusalTest {
    private static final int UP = 1 | 1 << 16;

    private final SampleHost host = SampleHost.plain();

    private List<Reason> reasons() {
        UplinkRefusal refusal = catchThrowableOfType(UplinkRefusal.class, host::planOnto);
        assertThat(refusal).as("a refusal").isNotNull();
        assertThat(refusal.reasons())
                .allSatisfy(reason -> assertThat(reason.remedy()).isNotEmpty());
        return refusal.reasons();
    }

    private void assertRefused(String why) {
        assertThat(reasons()).extracting(Reason::why).singleElement().asString().contains(why);
    }

    private void uplink(ListedLink link) {
        host.links.replaceAll(each -> each.name().equals("eth0") ? link : each);
    }

    private static ListedLink link(int index, String name, String kind, int master, int lower) {
        return Copies.placed(SampleHost.link(index, name, kind, UP), master, lower);
    }

    private static SwitchBridge bridge(Optional<String> failMode, List<String> controllers, boolean stp) {
        return new SwitchBridge(
                "br0", "netdev", failMode, controllers, stp, Optional.empty(), List.of(), Map.of(), Optional.empty());
    }

    @Test
    void a_plain_host_is_not_refused() {
        assertThat(host.planOnto().steps()).isNotEmpty();
    }

    @Test
    void a_link_that_is_not_there() {
        host.links.removeIf(link -> link.name().equals("eth0"));
        assertRefused("there is no link eth0");
    }

    @Test
    void a_link_that_is_down() {
        uplink(SampleHost.link(SampleHost.ETH0, "eth0", "", 0));
        assertRefused("eth0 is down");
    }

    @Test
    void a_link_without_carrier() {
        uplink(SampleHost.link(SampleHost.ETH0, "eth0", "", 1));
        assertRefused("eth0 has no carrier");
    }

    @Test
    void the_loopback_link() {
        uplink(SampleHost.link(SampleHost.ETH0, "eth0", "", UP | 1 << 3));
        assertRefused("loopback");
    }

    @Test
    void a_wireless_link() {
        host.wireless.add("eth0");
        assertRefused("wireless");
    }

    @Test
    void a_link_of_a_kind_that_leads_to_no_network_of_ethernet() {
        for (String kind : List.of("tun", "wireguard", "ppp", "bridge", "macvlan", "vrf", "openvswitch")) {
            uplink(SampleHost.link(SampleHost.ETH0, "eth0", kind, UP));
            assertRefused("of kind " + kind);
        }
    }

    @Test
    void bonds_vlans_and_the_ends_of_pairs_are_fine() {
        for (String kind : List.of("bond", "team", "vlan", "veth")) {
            uplink(SampleHost.link(SampleHost.ETH0, "eth0", kind, UP));
            assertThat(host.planOnto().steps()).isNotEmpty();
        }
    }

    @Test
    void the_end_of_a_pair_that_leads_to_a_container() {
        uplink(SampleHost.link(SampleHost.ETH0, "eth0", "veth", UP));
        host.containers.put("eth0", "c1");
        host.owners.put("eth0", List.of(new LinkOwner("op-dbus", "container c1", "a port")));
        assertRefused("leads to the container c1");
    }

    @Test
    void a_link_of_another_programs_workload() {
        for (String owner : List.of("Docker", "libvirt", "LXC", "OpenStack", "op-dbus")) {
            host.owners.put("eth0", List.of(new LinkOwner(owner, "a guest", "its file")));
            assertRefused("belongs to " + owner);
        }
    }

    @Test
    void a_link_that_an_administrator_configured_is_fine() {
        for (String owner : List.of("ifupdown", "systemd-networkd", "NetworkManager", "netplan", "Proxmox")) {
            host.owners.put("eth0", List.of(new LinkOwner(owner, "a stanza", "a file")));
            assertThat(host.planOnto().steps()).isNotEmpty();
        }
    }

    @Test
    void a_port_of_this_bridge_or_of_another_one() {
        host.bridges.add(SampleHost.bridge("br0", "eth0"));
        assertRefused("a port of the bridge br0 already");
        host.bridges.set(0, SampleHost.bridge("other", "eth0"));
        assertRefused("a port of the bridge other already");
    }

    @Test
    void a_link_that_belongs_to_another_one() {
        host.links.add(SampleHost.link(9, "bond0", "bond", UP));
        uplink(link(SampleHost.ETH0, "eth0", "", 9, 0));
        assertThat(reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.why()).contains("belongs to bond0, a link of kind bond");
            assertThat(reason.remedy()).isEqualTo("move bond0 itself");
        });
        host.links.set(host.links.size() - 1, SampleHost.link(9, "vmbr0", "bridge", UP));
        assertRefused("belongs to vmbr0, a link of kind bridge");
    }

    @Test
    void links_that_lie_on_the_uplink_are_named() {
        host.links.add(link(9, "eth0.5", "vlan", 0, SampleHost.ETH0));
        host.links.add(link(10, "mac0", "macvlan", 0, SampleHost.ETH0));
        assertRefused("eth0.5, mac0 lie on eth0");
    }

    @Test
    void a_bridge_with_addresses_of_its_own() {
        host.links.add(SampleHost.link(SampleHost.BR0, "br0", "tun", UP));
        host.bridges.add(SampleHost.bridge("br0"));
        host.address(SampleHost.BR0, "fe80::1234", 64).route(SampleHost.BR0, "fe80::/64", 2, "");
        assertThat(host.planOnto().steps()).isNotEmpty();
        host.address(SampleHost.BR0, "198.51.100.1", 24);
        assertRefused("addresses of its own (198.51.100.1)");
    }

    @Test
    void a_bridge_that_other_routes_use() {
        host.links.add(SampleHost.link(SampleHost.BR0, "br0", "tun", UP));
        host.bridges.add(SampleHost.bridge("br0"));
        host.route(SampleHost.BR0, "198.51.100.0/24", 4, "");
        assertRefused("routes lead over the bridge br0 already (198.51.100.0/24)");
    }

    @Test
    void a_bridge_that_a_controller_or_a_spanning_tree_can_block() {
        host.bridges.add(bridge(Optional.of("secure"), List.of(), false));
        assertRefused("fail_mode secure");
        host.bridges.set(0, bridge(Optional.of("standalone"), List.of("tcp:192.0.2.9:6653"), false));
        assertRefused("has a controller (tcp:192.0.2.9:6653)");
        host.bridges.set(0, bridge(Optional.empty(), List.of(), true));
        assertRefused("spanning tree");
    }

    @Test
    void a_bridge_with_another_uplink() {
        host.bridges.add(SampleHost.bridge("br0", "bond0"));
        host.links.add(SampleHost.link(9, "bond0", "bond", UP));
        assertRefused("has the uplink bond0 already");
    }

    @Test
    void the_name_of_a_link_that_is_no_bridge_of_open_vswitch() {
        host.links.add(SampleHost.link(SampleHost.BR0, "br0", "bridge", UP));
        assertRefused("a link br0 that is not a bridge of Open vSwitch");
    }

    @Test
    void a_name_that_no_link_can_have() {
        MoveRequest asked = SampleHost.onto();
        for (String name : List.of("", "a-name-that-is-too-long", "a/b", "a b", "..")) {
            MoveRequest request = new MoveRequest(
                    asked.direction(), "eth0", name, asked.confirmWithin(), List.of(), asked.persists());
            UplinkRefusal refusal = catchThrowableOfType(
                    UplinkRefusal.class,
                    () -> UplinkPlanner.plan(host.picture(), request, SampleHost.noManager(), "move-1"));
            assertThat(refusal).hasMessageContaining("cannot be the name of a bridge");
        }
    }

    @Test
    void a_dhcp_client_that_the_manager_does_not_take_over() {
        host.clients.put("eth0", List.of(new DhcpClient("udhcpc", 77, List.of("-i", "eth0"))));
        assertRefused("the DHCP client udhcpc (process 77)");
        ManagerPlan takesOver = new ManagerPlan("ifupdown", List.of(), List.of(), Set.of(77L), List.of());
        assertThat(UplinkPlanner.plan(host.picture(), SampleHost.onto(), takesOver, "move-1")
                        .steps())
                .isNotEmpty();
    }

    @Test
    void a_route_over_two_links() {
        host.routes.add(SampleHost.route(
                "198.51.100.0/24",
                4,
                0,
                Optional.empty(),
                new NextHop(SampleHost.ETH0, Optional.of("192.0.2.1"), 1, 0),
                new NextHop(99, Optional.of("203.0.113.1"), 1, 0)));
        assertRefused("the route to 198.51.100.0/24 in table 254 leads over other links, too");
    }

    @Test
    void a_route_with_settings_that_the_listing_has_no_value_of() {
        ListedRoute plain = SampleHost.route(
                "198.51.100.0/24", 4, 0, Optional.empty(), new NextHop(SampleHost.ETH0, Optional.empty(), 1, 0));
        host.routes.add(Copies.withOthers(plain, List.of("advmss", "encap")));
        assertRefused("settings that a move cannot carry over (advmss, encap)");
    }

    /** NetworkManager reads the advertisements of routers itself, and writes such a route anew with each of them. */
    @Test
    void a_hop_limit_alone_of_an_advertised_route_forbids_nothing() {
        ListedRoute plain = SampleHost.route(
                "::/0", 9, 100, Optional.empty(), new NextHop(SampleHost.ETH0, Optional.of("fe80::1"), 1, 0));
        host.routes.add(Copies.withOthers(plain, List.of("hoplimit")));
        host.routes.add(Copies.withOthers(plain, List.of("advmss", "hoplimit")));
        assertRefused("settings that a move cannot carry over (advmss, hoplimit)");
    }

    @Test
    void an_address_that_is_not_in_use() {
        host.addresses.add(SampleHost.address(SampleHost.ETH0, "2001:db8::20", 64, 0, 0x80 | 0x08));
        assertRefused("another host has it");
        host.addresses.set(
                host.addresses.size() - 1, SampleHost.address(SampleHost.ETH0, "2001:db8::20", 64, 0, 0x80 | 0x40));
        assertRefused("the kernel still checks");
    }

    @Test
    void an_address_that_the_kernel_would_make_anew_from_another_secret() {
        host.setting("eth0", "net/ipv6/conf/*/accept_ra", "1");
        host.addresses.add(SampleHost.address(SampleHost.ETH0, "2001:db8:1::ff:fe00:1", 64, 0, 0x100));
        assertThat(host.planOnto().steps()).isNotEmpty();
        host.addresses.add(SampleHost.address(SampleHost.ETH0, "2001:db8:1::abcd", 64, 0, 0x100));
        assertRefused("2001:db8:1::abcd/64 from a secret or token");
    }

    @Test
    void what_the_picture_lacks() {
        host.troubles.add("the kernel's routes changed during each attempt to list them");
        assertRefused("the kernel's routes changed");
    }

    @Test
    void every_reason_comes_at_once() {
        uplink(SampleHost.link(SampleHost.ETH0, "eth0", "", 0));
        host.bridges.add(bridge(Optional.of("secure"), List.of("tcp:192.0.2.9:6653"), true));
        host.clients.put("eth0", List.of(new DhcpClient("udhcpc", 77, List.of())));
        assertThat(reasons()).hasSize(5);
    }

    @Test
    void targets_that_are_no_addresses_and_a_time_out_of_range() {
        MoveRequest asked = SampleHost.onto();
        MoveRequest request = new MoveRequest(
                asked.direction(),
                "eth0",
                "br0",
                Duration.ZERO,
                List.of(new ProbeTarget.Tcp("example.org", 22), new ProbeTarget.Echo("2001:db8::9")),
                true);

        UplinkRefusal refusal = catchThrowableOfType(
                UplinkRefusal.class,
                () -> UplinkPlanner.plan(host.picture(), request, SampleHost.noManager(), "move-1"));

        assertThat(refusal.reasons())
                .extracting(Reason::why)
                .containsExactly(
                        "the target example.org is not an address", "a move cannot wait 0 s for its confirmation");
    }

    @Test
    void the_reasons_of_the_manager_come_with_the_others() {
        host.wireless.add("eth0");
        host.clients.put("eth0", List.of(new DhcpClient("udhcpc", 77, List.of())));
        UplinkRefusal manager = new UplinkRefusal(List.of(new Reason("the file is odd", "mend it")));

        assertThat(UplinkPlanner.refusal(host.picture(), SampleHost.onto(), manager)
                        .reasons())
                .extracting(Reason::why)
                .hasSize(2)
                .last()
                .isEqualTo("the file is odd");
    }
}
