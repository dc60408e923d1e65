// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.kernel.netlink.NetlinkBatch;
import org.opdbus.verticles.kernel.netlink.NetlinkBatch.Request;
import org.opdbus.verticles.kernel.netlink.NetlinkException;
import org.opdbus.verticles.kernel.netlink.NetlinkListing;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;
import org.opdbus.verticles.kernel.netlink.listing.NetworkReader;
import org.opdbus.verticles.testing.Links;

/** What {@code ip} made is listed, removed by our requests, added again by them, and listed as it was. */
class BatchMessagesIT {
    private static final int RULE_OF_THE_HOST_MIN = 30_000;
    private static final int TABLE_LOCAL = 255;

    private final NetworkReader reader = NetworkReader.open();
    private final NetlinkBatch kernel = NetlinkBatch.open();

    @BeforeEach
    void make() {
        Links.addVeth("one0", "two0");
        Links.setUp("one0");
        Links.setUp("two0");
        Links.batch(List.of(
                "addr add 192.0.2.10/24 brd + dev one0 metric 60",
                "addr add 192.0.2.11/24 dev one0 label one0:1",
                "addr add 198.51.100.1 peer 198.51.100.2/32 dev one0 scope link",
                "addr add 203.0.113.10/24 dev one0 noprefixroute",
                "addr add 2001:db8::10/64 dev one0 nodad",
                "addr add 2001:db8::11 peer 2001:db8::12/128 dev one0 nodad",
                "route add 10.1.0.0/16 via 192.0.2.1 metric 7 mtu 1400",
                "route add 10.1.0.0/16 tos 0x10 via 192.0.2.2 table 4000",
                "route add 10.2.0.0/16 via 10.99.0.1 dev one0 onlink src 192.0.2.11 proto bird",
                "route add 10.3.0.0/16 nexthop via 192.0.2.1 dev one0 weight 3 nexthop via 192.0.2.2 dev one0",
                "route add 10.4.0.0/16 via inet6 2001:db8::1 dev one0",
                "route add 2001:db8:1::/48 via 2001:db8::1 metric 7 mtu 1400 table 4000",
                "route add 2001:db8:2::/48 nexthop via 2001:db8::1 dev one0 nexthop via 2001:db8::2 dev one0 weight 4",
                "route add 2001:db8:3::/48 from 2001:db8:9::/48 dev one0",
                "rule add not from 10.0.0.0/8 to 10.1.0.0/16 iif one0 tos 0x10 table 4000 priority 100",
                "rule add oif one0 fwmark 0xf0/0xff ipproto tcp sport 1000-2000 dport 80 table 7 priority 101",
                "rule add uidrange 1000-1999 table main suppress_prefixlength 0 priority 102",
                "rule add priority 103 goto 104",
                "rule add from all table main priority 104"));
        Links.ip("-6", "rule", "add", "from", "2001:db8::/32", "iif", "one0", "table", "4000", "priority", "104");
    }

    @AfterEach
    void delete() {
        Links.ip("rule", "flush");
        Links.ip("-6", "rule", "flush");
        Links.batch(List.of("rule add priority 32766 table main", "rule add priority 32767 table default"));
        Links.ip("-6", "rule", "add", "priority", "32766", "table", "main");
        Links.delete("one0");
        kernel.close();
        reader.close();
    }

    /** What there is, without what the kernel makes by itself and without times. */
    private record All(List<ListedAddress> addresses, List<ListedRoute> routes, List<ListedRule> rules) {}

    private All all() {
        int index = index();
        List<ListedAddress> addresses = new ArrayList<>();
        List<ListedRoute> routes = new ArrayList<>();
        List<ListedRule> rules = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            reader.addresses(family).items().stream()
                    .filter(address ->
                            address.index() == index && !address.address().startsWith("fe80"))
                    .forEach(addresses::add);
            reader.routes(family).items().stream()
                    .filter(route ->
                            route.table() != TABLE_LOCAL && !route.destination().startsWith("fe80"))
                    .filter(route -> route.nextHops().stream().anyMatch(hop -> hop.index() == index))
                    .forEach(routes::add);
            reader.rules(family).items().stream()
                    .filter(rule -> rule.priority() > 0 && rule.priority() < RULE_OF_THE_HOST_MIN)
                    .forEach(rules::add);
        }
        return new All(addresses, routes, rules);
    }

    private int index() {
        return reader.links().items().stream()
                .filter(link -> link.name().equals("one0"))
                .mapToInt(ListedLink::index)
                .findFirst()
                .orElseThrow();
    }

    private void send(List<Request> requests) {
        assertThat(kernel.send(requests)).isEmpty();
    }

    @Test
    void everything_is_removed_and_added_again_as_it_was() {
        All before = all();
        assertThat(before.routes()).hasSizeGreaterThanOrEqualTo(12);
        assertThat(before.rules()).hasSize(6);

        List<Request> removals = new ArrayList<>();
        before.rules().forEach(rule -> removals.add(RuleMessages.remove(rule)));
        before.routes().forEach(route -> removals.addAll(RouteMessages.remove(route, IntUnaryOperator.identity())));
        List<ListedAddress> reversed = new ArrayList<>(before.addresses());
        Collections.reverse(reversed);
        reversed.forEach(address -> removals.add(AddressMessages.remove(address, index())));
        send(removals);
        send(removals);
        assertThat(all()).isEqualTo(new All(List.of(), List.of(), List.of()));

        List<Request> additions = new ArrayList<>();
        before.addresses()
                .forEach(address -> additions.add(AddressMessages.add(
                        address,
                        new AddressMessages.Placement(
                                index(),
                                address.label(),
                                AddressMessages.IFA_F_NODAD,
                                address.routeMetric().orElse(0L)))));
        // Routes through a router after those to its network.
        before.routes().stream()
                .sorted((a, b) -> Boolean.compare(hasGateway(a), hasGateway(b)))
                .forEach(route -> additions.addAll(RouteMessages.add(route, IntUnaryOperator.identity())));
        before.rules().forEach(rule -> additions.add(RuleMessages.add(rule, UnaryOperator.identity())));
        send(additions);
        send(additions);

        All after = all();
        assertThat(after.addresses()).containsExactlyInAnyOrderElementsOf(before.addresses());
        assertThat(after.routes()).containsExactlyInAnyOrderElementsOf(before.routes());
        assertThat(after.rules()).containsExactlyElementsOf(before.rules());
    }

    private static boolean hasGateway(ListedRoute route) {
        return route.nextHops().stream().anyMatch(hop -> hop.gateway().isPresent());
    }

    @Test
    void a_batch_of_thousands_is_answered_in_full_and_each_refusal_is_named() {
        ListedRoute sample = all().routes().stream()
                .filter(route -> route.destination().equals("10.1.0.0/16") && route.table() != 4000)
                .findFirst()
                .orElseThrow();
        List<Request> requests = new ArrayList<>();
        IntStream.range(0, 3_000)
                .forEach(i -> requests.addAll(RouteMessages.add(
                        sample.withMetric(10_000 + i), i == 1_500 ? index -> 999_999 : index -> index)));

        List<NetlinkException> refusals = kernel.send(requests);

        assertThat(refusals)
                .singleElement()
                .satisfies(refusal -> assertThat(refusal)
                        .hasMessageContaining("could not add the route 10.1.0.0/16")
                        .hasMessageContaining("with metric 11500"));
    }

    @Test
    void neighbours_are_listed_and_told_to_another_link() {
        Links.batch(List.of(
                "neigh add 192.0.2.7 lladdr 02:00:00:00:00:07 dev one0 nud permanent",
                "neigh add 2001:db8::7 lladdr 02:00:00:00:00:08 router dev one0 nud stale"));
        try (NetlinkListing listing = NetlinkListing.open()) {
            List<Neighbour> known = new ArrayList<>();
            for (IpFamily family : IpFamily.values()) {
                known.addAll(NeighbourMessages.list(listing, family, index()).stream()
                        .filter(each -> each.isLearned() || each.isPermanent())
                        .filter(each -> each.mac()
                                .filter(mac -> mac.startsWith("02:00"))
                                .isPresent())
                        .toList());
            }
            assertThat(known).extracting(Neighbour::address).containsExactly("192.0.2.7", "2001:db8::7");
            int other = reader.links().items().stream()
                    .filter(link -> link.name().equals("two0"))
                    .mapToInt(ListedLink::index)
                    .findFirst()
                    .orElseThrow();

            send(known.stream().map(each -> NeighbourMessages.copy(each, other)).toList());

            assertThat(Links.ip("neigh", "show", "dev", "two0"))
                    .contains("192.0.2.7 lladdr 02:00:00:00:00:07 PERMANENT")
                    .contains("2001:db8::7 lladdr 02:00:00:00:00:08 router STALE");
        }
    }
}
