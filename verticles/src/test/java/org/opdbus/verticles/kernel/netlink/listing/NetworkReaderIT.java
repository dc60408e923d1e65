// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.listing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;
import org.opdbus.verticles.testing.Links;

/** A real kernel's namespace, compared with what {@code ip -j} shows of it. */
class NetworkReaderIT {
    private static final String NAMESPACE = "inner";

    @BeforeEach
    void makeNamespace() {
        Links.addNamespace(NAMESPACE);
        batch(NetworkScene.COMMANDS);
        Links.ipInside(NAMESPACE, NetworkScene.IPV6_RULE);
    }

    @AfterEach
    void deleteNamespace() {
        Links.deleteNamespace(NAMESPACE);
    }

    private static void batch(List<String> commands) {
        Links.batchInside(NAMESPACE, commands);
    }

    private static NetworkReader reader() {
        try (NetworkNamespace namespace = NetworkNamespace.at(Links.namespaceFile(NAMESPACE))) {
            return NetworkReader.open(namespace);
        }
    }

    private static List<JsonObject> ip(String... arguments) {
        List<String> all = new ArrayList<>(List.of("-N", "-j"));
        all.addAll(List.of(arguments));
        return new JsonArray(Links.ipInside(NAMESPACE, all.toArray(String[]::new)))
                .stream().map(JsonObject.class::cast).toList();
    }

    @Test
    void links_are_those_that_ip_shows() {
        try (NetworkReader reader = reader()) {
            Listed<ListedLink> links = reader.links();

            assertThat(links.leftOut()).isZero();
            assertThat(links.isConsistent()).isTrue();
            assertThat(links.items())
                    .map(link -> link.index() + " " + link.name() + " " + link.mtu() + " "
                            + link.mac().orElse("-"))
                    .isEqualTo(ip("link").stream()
                            .map(link -> link.getInteger("ifindex") + " " + link.getString("ifname") + " "
                                    + link.getInteger("mtu") + " " + link.getString("address", "-"))
                            .toList());
        }
    }

    @Test
    void addresses_are_those_that_ip_shows() {
        List<String> shown = new ArrayList<>();
        ip("address")
                .forEach(link -> link.getJsonArray("addr_info").forEach(each -> {
                    JsonObject address = (JsonObject) each;
                    shown.add(link.getInteger("ifindex") + " " + address.getString("local") + "/"
                            + address.getInteger("prefixlen"));
                }));
        try (NetworkReader reader = reader()) {
            assertThat(Stream.of(IpFamily.values())
                            .flatMap(family -> reader.addresses(family).items().stream())
                            .map(address -> address.index() + " " + address.address() + "/" + address.prefix()))
                    .containsExactlyInAnyOrderElementsOf(shown)
                    .hasSizeGreaterThan(4);
        }
    }

    @Test
    void routes_of_all_tables_are_those_that_ip_shows() {
        try (NetworkReader reader = reader()) {
            for (IpFamily family : IpFamily.values()) {
                List<ListedRoute> routes = reader.routes(family).items();
                assertThat(routes.stream().map(NetworkReaderIT::summary))
                        .containsExactlyInAnyOrderElementsOf(
                                ip(family == IpFamily.IPV4 ? "-4" : "-6", "route", "show", "table", "all").stream()
                                        .map(NetworkReaderIT::summary)
                                        .toList())
                        .hasSizeGreaterThan(4);
            }
        }
    }

    /** Destination without its prefix, table, protocol, metric, and number of next hops. */
    private static String summary(ListedRoute route) {
        String destination = route.destination().replaceFirst("/.*", "");
        return destination + " " + route.table() + " " + route.protocol() + " " + route.metric() + " "
                + route.nextHops().size();
    }

    private static String summary(JsonObject route) {
        String shown = route.getString("dst").replaceFirst("/.*", "");
        // Only a route of IPv6 has a preference.
        String any = route.containsKey("pref") ? "::" : "0.0.0.0";
        String destination = shown.equals("default") ? any : shown;
        int hops = route.containsKey("nexthops")
                ? route.getJsonArray("nexthops").size()
                : route.containsKey("dev") ? 1 : 0;
        return destination + " " + route.getString("table", "254") + " " + route.getString("protocol", "3") + " "
                + route.getInteger("metric", 0) + " " + hops;
    }

    @Test
    void rules_are_those_that_ip_shows() {
        try (NetworkReader reader = reader()) {
            assertThat(reader.rules(IpFamily.IPV4).items().stream().map(ListedRule::priority))
                    .containsExactlyElementsOf(ip("-4", "rule").stream()
                            .map(rule -> rule.getLong("priority"))
                            .toList())
                    .contains(100L, 200L, 250L, 300L, 999L);
            assertThat(reader.rules(IpFamily.IPV6).items().stream().map(ListedRule::priority))
                    .containsExactlyElementsOf(ip("-6", "rule").stream()
                            .map(rule -> rule.getLong("priority"))
                            .toList())
                    .contains(400L);
        }
    }

    @Test
    void a_table_of_very_many_routes_is_cut_off_and_hides_no_other_table() {
        int many = 20_000;
        batch(IntStream.range(0, many)
                .mapToObj(i -> "route add 100." + (64 + i / 65_536) + "." + i / 256 % 256 + "." + i % 256
                        + "/32 via 192.0.2.254 dev a0")
                .toList());

        try (NetworkReader reader = reader()) {
            Listed<ListedRoute> routes = reader.routes(IpFamily.IPV4);

            assertThat(routes.items().stream().filter(route -> route.table() == 254))
                    .hasSize(NetworkReader.TABLE_ROUTES_MAX)
                    .anyMatch(ListedRoute::isDefault);
            assertThat(routes.items()).anyMatch(route -> route.table() == 1000).anyMatch(route -> route.table() == 255);
            assertThat(routes.items().size() + routes.leftOut())
                    .isEqualTo(ip("-4", "route", "show", "table", "all").size());
        }
    }

    @Test
    void the_default_route_is_kept_wherever_the_kernel_lists_it() {
        List<String> commands = new ArrayList<>(IntStream.range(0, 3_000)
                .mapToObj(i -> "route add 2001:db8:" + Integer.toHexString(0x1000 + i) + "::/48 via 2001:db8::2 dev a0")
                .toList());
        commands.add("route add ::/0 via 2001:db8::2 dev a0");
        batch(commands);

        try (NetworkReader reader = reader()) {
            Listed<ListedRoute> routes = reader.routes(IpFamily.IPV6);

            assertThat(routes.items()).anyMatch(ListedRoute::isDefault);
            assertThat(routes.leftOut()).isGreaterThan(1_000);
        }
    }

    @Test
    void a_veth_says_how_fast_it_is_and_a_bridge_without_ports_does_not() {
        batch(List.of("link add br8 type bridge"));
        try (NetworkReader reader = reader()) {
            List<ListedLink> links = reader.links().items();
            ListedLink veth = links.stream()
                    .filter(link -> link.name().equals("a0"))
                    .findFirst()
                    .orElseThrow();
            ListedLink loopback =
                    links.stream().filter(ListedLink::isLoopback).findFirst().orElseThrow();

            // drivers/net/veth.c always says this.
            assertThat(reader.speed(veth).speedMbps()).contains(10_000L);
            assertThat(reader.speed(veth).duplex()).contains("full");
            assertThat(reader.speed(loopback).speedMbps()).isEqualTo(Optional.empty());
        }
    }

    @Test
    void a_route_names_what_the_record_has_no_value_of() {
        batch(List.of(
                "route add 203.0.113.0/25 dev a0 mtu 1300",
                "route add 203.0.113.128/25 dev a0 advmss 1200 initcwnd 20",
                "route add 2001:db8:77::/48 dev a0 pref high"));
        try (NetworkReader reader = reader()) {
            assertThat(others(reader.routes(IpFamily.IPV4), "203.0.113.0/25")).isEmpty();
            assertThat(others(reader.routes(IpFamily.IPV4), "203.0.113.128/25")).containsExactly("advmss", "initcwnd");
            assertThat(others(reader.routes(IpFamily.IPV6), "2001:db8:77::/48")).containsExactly("pref");
        }
    }

    private static List<String> others(Listed<ListedRoute> routes, String destination) {
        return routes.items().stream()
                .filter(route -> route.destination().equals(destination))
                .findFirst()
                .orElseThrow()
                .others();
    }

    @Test
    void an_address_has_the_metric_of_its_route() {
        batch(List.of("addr add 203.0.113.9/24 dev a0 metric 77", "addr add 203.0.114.9/24 dev a0"));
        try (NetworkReader reader = reader()) {
            List<ListedAddress> addresses = reader.addresses(IpFamily.IPV4).items();

            assertThat(addresses)
                    .filteredOn(address -> address.address().startsWith("203.0.11"))
                    .extracting(ListedAddress::routeMetric)
                    .containsExactly(Optional.of(77L), Optional.empty());
        }
    }
}
