// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.uplink.act.SteadyTraffic.Figures;

/**
 * Packets pass between a router and a host while the host's uplink moves onto a bridge, and back. The figures are for the
 * documentation; the limits are for a machine that is slow and has much else to do.
 */
class UplinkGapIT {
    private static final int STANDARD_MTU = 1500;
    private static final int JUMBO_MTU = 9000;
    private static final int IPV4_AND_ICMP_BYTES = 28;
    private static final int FAST = 1_000;
    private static final int SLOW = 10;
    private static final long LOST_OF_SLOW_MAX = 1;
    /** Half a second; a machine with five times as much to do as it has processors lost none. */
    private static final long LOST_OF_FAST_MAX = 500;

    private static void v4() {
        RouterSide.ip("addr", "add", "192.0.2.1/24", "dev", RouterSide.LINK);
        Links.batch(List.of("addr add 192.0.2.10/24 brd + dev up0", "route add default via 192.0.2.1"));
    }

    private static void v6() {
        RouterSide.ip("addr", "add", "2001:db8::1/64", "dev", RouterSide.LINK, "nodad");
        Links.batch(List.of("addr add 2001:db8::10/64 dev up0 nodad", "route add default via 2001:db8::1 metric 512"));
    }

    /** Moves the uplink onto the bridge and back with traffic to each address, and compares what the links have. */
    private static void moveWithTraffic(UplinkLab lab, String what, String... addresses) {
        UplinkLab.awaitAddresses(UplinkLab.UPLINK);
        Set<String> before = UplinkLab.described(UplinkLab.UPLINK);
        List<SteadyTraffic> traffic = new ArrayList<>();
        List<HeldConnection> connections = new ArrayList<>();
        for (String address : addresses) {
            traffic.add(new SteadyTraffic(lab.router, address, FAST));
            traffic.add(new SteadyTraffic(lab.router, address, SLOW));
            connections.add(new HeldConnection(lab.router, address));
        }
        try {
            traffic.forEach(each -> each.await(SLOW));
            connections.forEach(HeldConnection::exchange);

            traffic.forEach(SteadyTraffic::begin);
            lab.moveOnto();
            traffic.forEach(each -> each.await(SLOW));
            report(what + ", onto the bridge", addresses, traffic);

            assertThat(UplinkLab.described(UplinkLab.UPLINK)).isEmpty();
            UplinkLab.awaitAddresses(UplinkLab.BRIDGE);
            assertThat(UplinkLab.described(UplinkLab.BRIDGE)).containsAll(before);
            connections.forEach(HeldConnection::exchange);
            if (!addresses[0].contains(":")) {
                exchangeLongest(Math.toIntExact(UplinkLab.link(UplinkLab.UPLINK).mtu()), addresses[0]);
            }

            traffic.forEach(SteadyTraffic::begin);
            lab.moveBack();
            traffic.forEach(each -> each.await(SLOW));
            report(what + ", off the bridge", addresses, traffic);

            UplinkLab.awaitAddresses(UplinkLab.UPLINK);
            assertThat(UplinkLab.described(UplinkLab.UPLINK)).containsAll(before);
            connections.forEach(HeldConnection::exchange);
        } finally {
            traffic.forEach(SteadyTraffic::close);
            connections.forEach(HeldConnection::close);
        }
    }

    /** The longest packet goes through the bridge in one piece. */
    private static void exchangeLongest(int mtu, String address) {
        RouterSide.run("ping", "-M", "do", "-c", "3", "-s", Integer.toString(mtu - IPV4_AND_ICMP_BYTES), address);
    }

    private static void report(String what, String[] addresses, List<SteadyTraffic> traffic) {
        for (int i = 0; i < traffic.size(); i++) {
            report(
                    what,
                    addresses[i / 2],
                    i % 2 == 0 ? FAST : SLOW,
                    traffic.get(i).figures());
        }
    }

    private static void report(String what, String address, int perSecond, Figures figures) {
        System.out.printf(
                "gap: %s, %s, %d a second: sent %d, lost %d, at most %d in a row, longest silence %.1f ms%n",
                what, address, perSecond, figures.sent(), figures.lost(), figures.lostInARow(), figures.silenceMs());
        assertThat(figures.lost())
                .as("%s, %s, %d a second", what, address, perSecond)
                .isLessThanOrEqualTo(perSecond == SLOW ? LOST_OF_SLOW_MAX : LOST_OF_FAST_MAX);
    }

    @Test
    void ipv4() {
        try (UplinkLab lab = new UplinkLab(STANDARD_MTU)) {
            v4();
            moveWithTraffic(lab, "IPv4", "192.0.2.10");
        }
    }

    @Test
    void ipv6() {
        try (UplinkLab lab = new UplinkLab(STANDARD_MTU)) {
            v6();
            moveWithTraffic(lab, "IPv6", "2001:db8::10");
        }
    }

    @Test
    void two_addresses_of_a_network_and_both_families() {
        try (UplinkLab lab = new UplinkLab(STANDARD_MTU)) {
            v4();
            v6();
            Links.ip("addr", "add", "192.0.2.11/24", "dev", UplinkLab.UPLINK, "label", "up0:1");
            moveWithTraffic(lab, "two addresses and both families", "192.0.2.10", "192.0.2.11", "2001:db8::10");
        }
    }

    @Test
    void policy_routing_with_two_tables() {
        try (UplinkLab lab = new UplinkLab(STANDARD_MTU)) {
            v4();
            RouterSide.ip("addr", "add", "198.51.100.1/24", "dev", RouterSide.LINK);
            Links.batch(List.of(
                    "addr add 198.51.100.10/24 dev up0",
                    "route add 198.51.100.0/24 dev up0 src 198.51.100.10 table 100",
                    "route add default via 198.51.100.1 dev up0 src 198.51.100.10 table 100",
                    "route add default via 192.0.2.1 dev up0 table 200 metric 7 mtu 1400",
                    "rule add from 198.51.100.10 table 100 priority 1000",
                    "rule add oif up0 table 200 priority 1001"));
            moveWithTraffic(lab, "policy routing with two tables", "192.0.2.10", "198.51.100.10");
        }
    }

    @Test
    void a_datapath_that_takes_each_packet_from_the_link() {
        try (UplinkLab lab = new UplinkLab(STANDARD_MTU)) {
            lab.takesPackets = true;
            v4();
            v6();
            moveWithTraffic(lab, "packets are taken from the link", "192.0.2.10", "2001:db8::10");
        }
    }

    @Test
    void mtu_of_9000() {
        try (UplinkLab lab = new UplinkLab(JUMBO_MTU)) {
            v4();
            moveWithTraffic(lab, "MTU 9000", "192.0.2.10");
        }
    }
}
