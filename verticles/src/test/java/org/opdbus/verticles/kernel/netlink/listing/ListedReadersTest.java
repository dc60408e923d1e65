// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.kernel.netlink.listing.IpFamily.IPV4;
import static org.opdbus.verticles.kernel.netlink.listing.IpFamily.IPV6;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.kernel.netlink.listing.CapturedListings.Captured;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute.NextHop;

/** Parses what a real kernel listed of {@link NetworkScene}: there a1 has index 2, a0 3, and br9 4. */
class ListedReadersTest {
    private static final List<String> CAPTURES = List.of(
            "links", "addresses-ipv4", "addresses-ipv6", "routes-ipv4", "routes-ipv6", "rules-ipv4", "rules-ipv6");

    private static ListedLink link(String name) throws IOException {
        return CapturedListings.read("links", ListedLinkReader::read).stream()
                .filter(link -> link.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<ListedAddress> addresses(IpFamily family, String capture) throws IOException {
        return CapturedListings.read(capture, (type, payload) -> ListedAddressReader.read(family, type, payload));
    }

    private static ListedRoute route(IpFamily family, String capture, String destination) throws IOException {
        return CapturedListings.read(capture, (type, payload) -> ListedRouteReader.read(family, type, payload)).stream()
                .filter(route -> route.destination().equals(destination))
                .findFirst()
                .orElseThrow();
    }

    private static ListedRule rule(IpFamily family, String capture, long priority) throws IOException {
        return CapturedListings.read(capture, (type, payload) -> ListedRuleReader.read(family, type, payload)).stream()
                .filter(rule -> rule.priority() == priority)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_link_is_read_with_all_that_the_kernel_says() throws IOException {
        ListedLink link = link("a0");

        assertThat(link.index()).isEqualTo(3);
        assertThat(link.kind()).isEqualTo("veth");
        assertThat(link.hardware()).isEqualTo(1);
        assertThat(link.altNames()).containsExactly("a-name-too-long-for-a-link");
        assertThat(link.alias()).isEqualTo("words");
        assertThat(link.mac()).contains("02:00:00:00:00:01");
        assertThat(link.mtu()).isEqualTo(1400);
        assertThat(link.isUp()).isTrue();
        assertThat(link.hasCarrier()).isTrue();
        assertThat(link.operState()).isEqualTo(6);
        assertThat(link.lower()).isEqualTo(2);
        assertThat(link.lowerNamespace()).isEmpty();
        assertThat(link.master()).isZero();
        assertThat(link("a1").master()).isEqualTo(link("br9").index());
        assertThat(link("lo").isLoopback()).isTrue();
    }

    @Test
    void an_address_is_read_with_its_network_label_and_lifetimes() throws IOException {
        ListedAddress first = addresses(IPV4, "addresses-ipv4").get(1);
        assertThat(first.address()).isEqualTo("192.0.2.1");
        assertThat(first.prefix()).isEqualTo(24);
        assertThat(first.label()).isEqualTo("a0:one");
        assertThat(first.broadcast()).contains("192.0.2.255");
        assertThat(first.peer()).isEmpty();
        assertThat(first.validS()).isEmpty();

        ListedAddress ofTwoEnds = addresses(IPV4, "addresses-ipv4").get(2);
        assertThat(ofTwoEnds.address()).isEqualTo("192.0.2.2");
        assertThat(ofTwoEnds.peer()).contains("192.0.2.3");

        ListedAddress ipv6 = addresses(IPV6, "addresses-ipv6").stream()
                .filter(address -> address.address().equals("2001:db8::1"))
                .findFirst()
                .orElseThrow();
        assertThat(ipv6.prefix()).isEqualTo(64);
        assertThat(ipv6.validS().orElseThrow()).isBetween(3590L, 3600L);
        assertThat(ipv6.preferredS().orElseThrow()).isBetween(1790L, 1800L);
        assertThat(ipv6.flags() & 2).as("nodad").isPositive();
    }

    @Test
    void the_kernel_says_which_part_of_it_made_an_address() throws IOException {
        assertThat(addresses(IPV6, "addresses-ipv6"))
                .filteredOn(address -> address.address().startsWith("fe80:"))
                .isNotEmpty()
                .allMatch(address -> address.protocol() == 3);
    }

    @Test
    void a_default_route_is_read_with_its_gateway_protocol_and_metric() throws IOException {
        ListedRoute route = route(IPV4, "routes-ipv4", "0.0.0.0/0");

        assertThat(route.isDefault()).isTrue();
        assertThat(route.table()).isEqualTo(254);
        assertThat(route.protocol()).isEqualTo(16);
        assertThat(route.metric()).isEqualTo(100);
        assertThat(route.preferredSource()).contains("192.0.2.1");
        assertThat(route.nextHops()).containsExactly(new NextHop(3, Optional.of("192.0.2.254"), 1, 0));
    }

    @Test
    void every_next_hop_of_a_multipath_route_is_read() throws IOException {
        assertThat(route(IPV4, "routes-ipv4", "10.0.0.0/8").nextHops())
                .containsExactly(
                        new NextHop(3, Optional.of("192.0.2.10"), 2, 0),
                        new NextHop(3, Optional.of("192.0.2.11"), 5, 0));
        assertThat(route(IPV6, "routes-ipv6", "2001:db8:2::/48").nextHops())
                .extracting(hop -> hop.gateway().orElseThrow())
                .containsExactly("2001:db8::3", "2001:db8::4");
    }

    @Test
    void a_route_that_refuses_packets_has_no_next_hop() throws IOException {
        ListedRoute blackhole = route(IPV4, "routes-ipv4", "10.66.0.0/16");

        assertThat(blackhole.type()).isEqualTo(6);
        assertThat(blackhole.nextHops()).isEmpty();
        assertThat(route(IPV6, "routes-ipv6", "2001:db8:dead::/48").type()).isEqualTo(7);
    }

    @Test
    void a_route_of_another_table_goes_through_a_gateway_of_the_other_family() throws IOException {
        ListedRoute route = route(IPV4, "routes-ipv4", "10.7.0.0/16");

        assertThat(route.table()).isEqualTo(1000);
        assertThat(route.mtu()).contains(1300L);
        assertThat(route.nextHops()).containsExactly(new NextHop(3, Optional.of("2001:db8::9"), 1, 0));
    }

    @Test
    void a_route_that_ends_by_itself_says_when() throws IOException {
        ListedRoute route = route(IPV6, "routes-ipv6", "2001:db8:1::/48");

        assertThat(route.expiresS().orElseThrow()).isBetween(590L, 600L);
        assertThat(route.metric()).isEqualTo(50);
    }

    @Test
    void a_rule_is_read_with_everything_that_it_looks_at() throws IOException {
        ListedRule first = rule(IPV4, "rules-ipv4", 100);
        assertThat(first.source()).contains("10.0.0.0/8");
        assertThat(first.inputLink()).isEqualTo("a0");
        assertThat(first.mark()).contains("0x1/0xff");
        assertThat(first.table()).isEqualTo(1000);
        assertThat(first.action()).isEqualTo(1);
        assertThat(first.isInverted()).isFalse();
        assertThat(first.suppressedPrefix()).isEqualTo(-1);

        ListedRule second = rule(IPV4, "rules-ipv4", 200);
        assertThat(second.isInverted()).isTrue();
        assertThat(second.destination()).contains("192.0.2.0/24");
        assertThat(second.ipProtocol()).contains(6);
        assertThat(second.destinationPorts()).contains("80-90");
        assertThat(second.users()).contains("1000-2000");
        assertThat(second.protocol()).isEqualTo(16);

        assertThat(rule(IPV4, "rules-ipv4", 300).suppressedPrefix()).isZero();
        assertThat(rule(IPV4, "rules-ipv4", 250).goTo()).contains(300L);
        assertThat(rule(IPV4, "rules-ipv4", 999).isMasterTable()).isTrue();
        assertThat(rule(IPV6, "rules-ipv6", 400).action()).isEqualTo(6);
    }

    @Test
    void an_address_of_ipv6_is_written_as_rfc_5952_recommends() {
        assertThat(text(0x2001, 0xdb8, 0, 0, 1, 0, 0, 1)).isEqualTo("2001:db8::1:0:0:1");
        assertThat(text(0x2001, 0xdb8, 0, 1, 1, 1, 1, 1)).isEqualTo("2001:db8:0:1:1:1:1:1");
        assertThat(text(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0)).isEqualTo("2001:db8::");
        assertThat(text(0, 0, 0, 0, 0, 0, 0, 0)).isEqualTo("::");
        assertThat(text(0, 0, 0, 0, 0, 0, 0, 1)).isEqualTo("::1");
    }

    private static String text(int... groups) {
        ByteBuffer bytes = ByteBuffer.allocate(16);
        for (int group : groups) {
            bytes.putShort((short) group);
        }
        return IpText.of(bytes.array());
    }

    @Test
    void bytes_cut_off_or_changed_at_random_are_never_read_beyond_their_end() throws IOException {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        List<Captured> all = new ArrayList<>();
        for (String capture : CAPTURES) {
            all.addAll(CapturedListings.messages(capture));
        }
        for (int round = 0; round < 20_000; round++) {
            Captured message = all.get(random.nextInt(all.size()));
            byte[] bytes = java.util.Arrays.copyOf(message.bytes(), random.nextInt(message.bytes().length + 1));
            for (int changes = random.nextInt(8); changes > 0 && bytes.length > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            assertThat(NetworkListingFuzzTest.read(message.type(), bytes))
                    .as("-Dseed=" + seed)
                    .isLessThanOrEqualTo(1);
        }
    }
}
