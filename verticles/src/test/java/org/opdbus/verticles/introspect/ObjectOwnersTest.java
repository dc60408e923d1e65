// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.introspect.NetworkDocument.Evidence;
import org.opdbus.verticles.introspect.owner.Claim;
import org.opdbus.verticles.introspect.owner.Owner;
import org.opdbus.verticles.introspect.owner.Ownership;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute.NextHop;

class ObjectOwnersTest {
    private static final ListedLink LO = Samples.link(1, "lo", "", 8);
    private static final ListedLink ETH0 = Samples.link(2, "eth0", "", 1);
    private static final ListedLink VI100 = Samples.link(3, "vi100", "veth", 1);
    private static final ListedLink DOCKER0 = Samples.link(4, "docker0", "bridge", 1);

    private final ObjectOwners owners = new ObjectOwners(
            Map.of(1, LO, 2, ETH0, 3, VI100, 4, DOCKER0),
            new Ownership(
                    Map.of(
                            "eth0",
                                    List.of(new Claim(
                                            "eth0", Owner.NETWORKD, "10-eth0.network", "/etc/10-eth0.network")),
                            "vi100", List.of(new Claim("vi100", Owner.US, "port of container 100", "Port")),
                            "docker0", List.of(new Claim("docker0", Owner.DOCKER, "network bridge", "socket"))),
                    List.of()));

    private static List<String> names(List<Evidence> owners) {
        return owners.stream().map(Evidence::owner).toList();
    }

    private static ListedRoute route(int protocol, int link) {
        return new ListedRoute(
                IpFamily.IPV4,
                254,
                "0.0.0.0/0",
                Optional.empty(),
                1,
                0,
                protocol,
                0,
                Optional.empty(),
                0,
                Optional.empty(),
                0,
                Optional.empty(),
                link == 0 ? List.of() : List.of(new NextHop(link, Optional.empty(), 1, 0)),
                List.of());
    }

    private static ListedAddress address(int link, String text, int scope, int protocol) {
        return new ListedAddress(
                link,
                text.contains(":") ? IpFamily.IPV6 : IpFamily.IPV4,
                text,
                24,
                Optional.empty(),
                Optional.empty(),
                "",
                scope,
                128,
                protocol,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void a_route_is_of_the_program_whose_protocol_it_has() {
        assertThat(names(owners.of(route(2, 2)))).containsExactly("kernel");
        assertThat(names(owners.of(route(12, 2)))).containsExactly("bird");
        assertThat(names(owners.of(route(186, 0)))).containsExactly("bgp");
    }

    @Test
    void another_route_is_of_the_program_that_configures_its_link() {
        assertThat(owners.of(route(16, 2))).singleElement().satisfies(owner -> {
            assertThat(owner.owner()).isEqualTo("systemd-networkd");
            assertThat(owner.evidence()).contains("eth0", "proto dhcp", "/etc/10-eth0.network");
        });
        assertThat(names(owners.of(route(9, 2)))).containsExactly("systemd-networkd");
        assertThat(names(owners.of(route(9, 3)))).containsExactly("kernel");
    }

    @Test
    void a_route_without_evidence_is_nobodys() {
        assertThat(owners.of(route(3, 3))).isEmpty();
        assertThat(owners.of(route(4, 0))).isEmpty();
        assertThat(owners.of(route(77, 3))).isEmpty();
        assertThat(owners.of(route(3, 99))).isEmpty();
    }

    @Test
    void addresses_are_of_the_kernel_or_of_the_program_that_configures_the_link() {
        assertThat(names(owners.of(address(1, "127.0.0.1", 254, 0)))).containsExactly("kernel");
        assertThat(names(owners.of(address(3, "fe80::1", 253, 3)))).containsExactly("kernel");
        assertThat(names(owners.of(address(3, "fe80::1", 253, 0)))).containsExactly("kernel");
        assertThat(names(owners.of(address(2, "192.0.2.1", 0, 0)))).containsExactly("systemd-networkd");
        assertThat(names(owners.of(address(4, "172.17.0.1", 0, 0)))).containsExactly("Docker");
    }

    @Test
    void the_agent_gives_no_address_to_the_hosts_end_of_a_containers_link() {
        assertThat(names(owners.of(VI100))).containsExactly("op-dbus");
        assertThat(owners.of(address(3, "192.0.2.1", 0, 0))).isEmpty();
    }
}
