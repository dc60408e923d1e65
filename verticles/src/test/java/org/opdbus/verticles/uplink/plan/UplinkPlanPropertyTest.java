// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute.NextHop;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;
import org.opdbus.verticles.uplink.plan.PlannedHost.State;

/**
 * Random hosts: after a move onto a bridge the bridge has everything that the link had; the undo of any number of steps, and a move
 * back, give the host as it was. {@link PlannedHost} checks after each step that no address of the host is missing.
 */
final class UplinkPlanPropertyTest {
    private static final int HOSTS = 500;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void moves_and_their_undo_give_the_host_as_it_was() {
        for (int i = 0; i < HOSTS; i++) {
            String name = "host " + i + " of -Dseed=" + seed;
            SampleHost host = host();
            PlannedHost simulated = new PlannedHost(host);
            State before = simulated.state();
            Step.Network had = network(host, "eth0", "br0");
            UplinkPlan onto = host.planOnto();

            undoOfSome(name, simulated, onto, before);
            onto.steps().forEach(step -> simulated.perform(onto.id(), step));

            assertSame(name, had, network(host, "br0", "br0"));
            host.moved.put("eth0", onto);
            UplinkPlan back = UplinkPlanner.plan(host.picture(), SampleHost.back(), SampleHost.noManager(), "move-2");
            undoOfSome(name, simulated, back, simulated.state());
            back.steps().forEach(step -> simulated.perform(back.id(), step));
            assertThat(simulated.state()).as(name).isEqualTo(before);
        }
    }

    /** Carries out some steps and undoes them in reverse order. */
    private void undoOfSome(String name, PlannedHost simulated, UplinkPlan plan, State before) {
        List<Step> done = plan.steps().subList(0, random.nextInt(plan.steps().size() + 1));
        done.forEach(step -> simulated.perform(plan.id(), step));
        for (int at = done.size() - 1; at >= 0; at--) {
            simulated.undo("move-1", done.get(at));
        }
        assertThat(simulated.state())
                .as("%s after the undo of %d steps", name, done.size())
                .isEqualTo(before);
    }

    private static Step.Network network(SampleHost host, String link, String as) {
        int from = link.equals("eth0") ? SampleHost.ETH0 : SampleHost.BR0;
        return PlannedHost.network(host, from, SampleHost.BR0, link, as);
    }

    /** The bridge may have more: a link-local address of its own. */
    private static void assertSame(String name, Step.Network had, Step.Network has) {
        assertThat(has.addresses()).as(name).containsAll(had.addresses());
        assertThat(has.routes()).as(name).containsExactlyInAnyOrderElementsOf(had.routes());
        assertThat(has.rules()).as(name).containsExactlyInAnyOrderElementsOf(had.rules());
    }

    private SampleHost host() {
        SampleHost host = new SampleHost();
        host.links.add(SampleHost.link(1, "lo", "", 1 | 1 << 3 | 1 << 16));
        host.links.add(SampleHost.link(SampleHost.ETH0, "eth0", "", 1 | 1 << 16));
        host.links.add(SampleHost.link(7, "eth7", "", 1 | 1 << 16));
        settings(host, "eth0", "1500");
        settings(host, UplinkPicture.NEW_LINKS, "1280");
        for (int number = random.nextInt(6); number > 0; number--) {
            address(host, number);
        }
        host.addresses.add(SampleHost.address(7, "203.0.113.7", 24, 0, 0x80));
        for (int number = random.nextInt(8); number > 0; number--) {
            route(host, number);
        }
        for (int number = random.nextInt(4); number > 0; number--) {
            rule(host, number);
        }
        if (random.nextBoolean()) {
            bridge(host);
        }
        return host;
    }

    private void settings(SampleHost host, String link, String mtu) {
        for (String path : LinkSettings.paths()) {
            host.setting(link, path, Integer.toString(random.nextInt(3)));
        }
        host.setting(link, LinkSettings.NO_IPV6, "0");
        host.setting(link, LinkSettings.IPV6_MTU, mtu);
        host.setting(link, "net/ipv6/conf/*/accept_ra", "0");
    }

    private void address(SampleHost host, int number) {
        boolean isIpv4 = random.nextBoolean();
        boolean isLinkLocal = !isIpv4 && random.nextInt(3) == 0;
        String text = isIpv4 ? "192.0.2." + number : (isLinkLocal ? "fe80::" : "2001:db8::") + number;
        Optional<Long> lifetime = random.nextBoolean() ? Optional.of(60L + random.nextInt(9_999)) : Optional.empty();
        host.addresses.add(new ListedAddress(
                SampleHost.ETH0,
                isIpv4 ? IpFamily.IPV4 : IpFamily.IPV6,
                text,
                isIpv4 ? 24 : 64,
                random.nextInt(5) == 0 && isIpv4 ? Optional.of("198.51.100." + number) : Optional.empty(),
                Optional.empty(),
                isIpv4 ? "eth0" : "",
                isLinkLocal ? LinkNetwork.SCOPE_LINK : 0,
                (random.nextBoolean() ? 0x200 : 0) | (random.nextInt(4) == 0 ? 0x01 : 0) | 0x80,
                random.nextInt(4),
                lifetime,
                lifetime,
                Optional.empty()));
    }

    private void route(SampleHost host, int number) {
        boolean isIpv4 = random.nextBoolean();
        boolean isDefault = random.nextInt(3) == 0;
        String network = isIpv4 ? "10." + number + ".0.0/16" : "2001:db8:" + number + "::/48";
        String everything = isIpv4 ? "0.0.0.0/0" : "::/0";
        Optional<String> gateway =
                Optional.of(isIpv4 ? "192.0.2.254" : "fe80::99").filter(any -> random.nextBoolean());
        List<NextHop> hops = new ArrayList<>();
        int link = random.nextInt(4) == 0 ? 7 : SampleHost.ETH0;
        hops.add(new NextHop(link, gateway, 1, random.nextBoolean() ? 4 : 0));
        if (random.nextInt(5) == 0) {
            hops.add(new NextHop(link, Optional.of(isIpv4 ? "192.0.2.253" : "fe80::98"), 5, 0));
        }
        int protocol = List.of(2, 3, 4, 9, 16).get(random.nextInt(5));
        host.routes.add(Copies.placed(
                SampleHost.route(
                        isDefault ? everything : network, protocol, 0, Optional.empty(), hops.toArray(NextHop[]::new)),
                List.of(254L, 100L, 4_000_000L).get(random.nextInt(3)),
                number));
    }

    private void rule(SampleHost host, int number) {
        List<String> links = List.of("", "eth0", "eth7");
        host.rules.add(new ListedRule(
                random.nextBoolean() ? IpFamily.IPV4 : IpFamily.IPV6,
                1_000 + number,
                1,
                100,
                Optional.empty(),
                3,
                random.nextBoolean(),
                Optional.of("192.0.2.0/24").filter(any -> random.nextBoolean()),
                Optional.empty(),
                links.get(random.nextInt(3)),
                links.get(random.nextInt(3)),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                -1,
                false));
    }

    private void bridge(SampleHost host) {
        host.links.add(SampleHost.link(SampleHost.BR0, "br0", "tun", 1 | 1 << 16));
        settings(host, "br0", "1500");
        host.bridges.add(new UplinkPicture.SwitchBridge(
                "br0",
                "netdev",
                Optional.empty(),
                List.of(),
                false,
                Optional.of("02:00:00:00:00:09").filter(any -> random.nextBoolean()),
                List.of("vi101", "vi102"),
                Map.of(),
                Optional.empty()));
        if (random.nextBoolean()) {
            host.addresses.add(SampleHost.address(SampleHost.BR0, "fe80::ff:fe00:9", 64, LinkNetwork.SCOPE_LINK, 0x80));
        }
    }
}
