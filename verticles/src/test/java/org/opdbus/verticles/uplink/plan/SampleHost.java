// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute.NextHop;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;
import org.opdbus.verticles.uplink.plan.UplinkPicture.DhcpClient;
import org.opdbus.verticles.uplink.plan.UplinkPicture.LinkOwner;
import org.opdbus.verticles.uplink.plan.UplinkPicture.SwitchBridge;

/** Pictures for tests: a host with the uplink {@code eth0}, and whatever a test adds. */
final class SampleHost {
    static final String MAC = "02:00:00:00:00:01";
    static final String LINK_LOCAL = "fe80::ff:fe00:1";
    static final int ETH0 = 2;
    static final int BR0 = 3;

    private static final int UP = 1 | 1 << 16;
    private static final int PERMANENT = 0x80;

    final List<ListedLink> links = new ArrayList<>();
    final List<ListedAddress> addresses = new ArrayList<>();
    final List<ListedRoute> routes = new ArrayList<>();
    final List<ListedRule> rules = new ArrayList<>();
    final List<SwitchBridge> bridges = new ArrayList<>();
    final Map<String, List<LinkOwner>> owners = new HashMap<>();
    final Map<String, Map<String, String>> settings = new HashMap<>();
    final Map<String, List<DhcpClient>> clients = new HashMap<>();
    final Set<String> wireless = new HashSet<>();
    final Map<String, String> containers = new HashMap<>();
    final Map<String, UplinkPlan> moved = new HashMap<>();
    final List<String> troubles = new ArrayList<>();
    final List<String> notes = new ArrayList<>();

    /** A host with one address of each family and a default route of each. */
    static SampleHost plain() {
        SampleHost host = new SampleHost();
        host.links.add(link(1, "lo", "", UP | 1 << 3));
        host.links.add(link(ETH0, "eth0", "", UP));
        host.address(ETH0, "192.0.2.10", 24);
        host.address(ETH0, "2001:db8::10", 64);
        host.route(ETH0, "192.0.2.0/24", 2, "").route(ETH0, "2001:db8::/64", 2, "");
        host.route(ETH0, "0.0.0.0/0", 4, "192.0.2.1").route(ETH0, "::/0", 4, "2001:db8::1");
        host.setting("eth0", "net/ipv6/conf/*/disable_ipv6", "0");
        host.setting("default", "net/ipv6/conf/*/disable_ipv6", "0");
        return host;
    }

    static ListedLink link(int index, String name, String kind, int flags) {
        return new ListedLink(
                index,
                name,
                List.of(),
                "",
                kind,
                1,
                Optional.of(MAC),
                Optional.empty(),
                1500,
                flags,
                6,
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                "");
    }

    static SwitchBridge bridge(String name, String... ports) {
        return new SwitchBridge(
                name,
                "netdev",
                Optional.empty(),
                List.of(),
                false,
                Optional.empty(),
                List.of(ports),
                Map.of(),
                Optional.empty());
    }

    SampleHost setting(String link, String path, String value) {
        settings.computeIfAbsent(link, name -> new HashMap<>()).put(path, value);
        return this;
    }

    SampleHost address(int link, String address, int prefix) {
        addresses.add(address(link, address, prefix, address.startsWith("fe80") ? 253 : 0, PERMANENT));
        return this;
    }

    static ListedAddress address(int link, String address, int prefix, int scope, int flags) {
        return new ListedAddress(
                link,
                family(address),
                address,
                prefix,
                Optional.empty(),
                Optional.empty(),
                "",
                scope,
                flags,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Adds a route; a route of the kernel has the first address of its family as its source, as the kernel makes it. */
    SampleHost route(int link, String destination, int protocol, String gateway) {
        IpFamily family = family(destination);
        Optional<String> source = addresses.stream()
                .filter(address -> protocol == 2 && family == IpFamily.IPV4 && address.family() == family)
                .map(ListedAddress::address)
                .findFirst();
        long metric = family == IpFamily.IPV4 ? 0 : protocol == 2 ? 256 : 1024;
        Optional<String> by = Optional.of(gateway).filter(text -> !text.isEmpty());
        routes.add(route(destination, protocol, metric, source, new NextHop(link, by, 1, 0)));
        return this;
    }

    static ListedRoute route(String destination, int protocol, long metric, Optional<String> source, NextHop... hops) {
        return new ListedRoute(
                family(destination),
                254,
                destination,
                Optional.empty(),
                1,
                0,
                protocol,
                metric,
                source,
                0,
                Optional.empty(),
                0,
                Optional.empty(),
                List.of(hops),
                List.of());
    }

    private static IpFamily family(String text) {
        return text.contains(":") ? IpFamily.IPV6 : IpFamily.IPV4;
    }

    UplinkPicture picture() {
        return new UplinkPicture(
                links,
                addresses,
                routes,
                rules,
                bridges,
                owners,
                settings,
                clients,
                wireless,
                containers,
                moved,
                troubles,
                notes);
    }

    static MoveRequest onto() {
        return new MoveRequest(MoveRequest.Direction.ONTO, "eth0", "br0", Duration.ofMinutes(2), List.of(), true);
    }

    static MoveRequest back() {
        return new MoveRequest(MoveRequest.Direction.BACK, "eth0", "br0", Duration.ofMinutes(2), List.of(), true);
    }

    static ManagerPlan noManager() {
        return new ManagerPlan("none", List.of(), List.of(), List.of());
    }

    UplinkPlan planOnto() {
        return UplinkPlanner.plan(picture(), onto(), noManager(), "move-1");
    }
}
