// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;
import static org.opdbus.verticles.uplink.act.UplinkLab.UPLINK;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.uplink.plan.ProbeTarget;
import org.opdbus.verticles.uplink.plan.ProbeTarget.Echo;
import org.opdbus.verticles.uplink.plan.ProbeTarget.Neighbour;
import org.opdbus.verticles.uplink.plan.ProbeTarget.Tcp;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkFailure;

/** Questions to a router in a namespace of its own, and announcements to it. */
class UplinkProbeIT {
    private static final int MTU = 1500;

    private final RouterSide router = new RouterSide(UPLINK, MTU);

    @BeforeEach
    void configure() {
        RouterSide.ip("addr", "add", "192.0.2.1/24", "dev", RouterSide.LINK);
        RouterSide.ip("addr", "add", "2001:db8::1/64", "dev", RouterSide.LINK, "nodad");
        Links.batch(List.of("addr add 192.0.2.10/24 dev up0", "addr add 2001:db8::10/64 dev up0 nodad"));
        UplinkLab.awaitAddresses(UPLINK);
    }

    @AfterEach
    void close() {
        Links.delete(UPLINK);
        router.close();
    }

    private static boolean answers(ProbeTarget... targets) {
        return UplinkProbe.answers(UPLINK, List.of(targets));
    }

    @Test
    void a_router_answers_for_its_addresses_and_for_no_others() {
        assertThat(answers(new Neighbour("192.0.2.1"), new Neighbour("2001:db8::1")))
                .isTrue();
        assertThat(answers(new Neighbour("192.0.2.1"), new Neighbour("2001:db8::1")))
                .isTrue();
        assertThat(answers(new Neighbour("192.0.2.9"))).isFalse();
        assertThat(answers(new Neighbour("2001:db8::9"))).isFalse();
        assertThat(UplinkProbe.answers("none0", List.of(new Neighbour("192.0.2.1"))))
                .isFalse();
    }

    @Test
    void a_router_that_is_gone_is_noticed_although_it_answered_before() {
        assertThat(answers(new Neighbour("192.0.2.1"))).isTrue();
        RouterSide.ip("link", "set", RouterSide.LINK, "arp", "off");
        assertThat(answers(new Neighbour("192.0.2.1"))).isFalse();
        assertThatThrownBy(() -> UplinkProbe.require(
                        new Step.Probe(UPLINK, List.of(new Neighbour("192.0.2.1"), new Neighbour("2001:db8::1")))))
                .isInstanceOf(UplinkFailure.class)
                .hasMessageContaining("no answer over up0, asked 3 times, from the router 192.0.2.1");
        RouterSide.ip("link", "set", RouterSide.LINK, "arp", "on");
        UplinkProbe.require(new Step.Probe(UPLINK, List.of(new Neighbour("192.0.2.1"))));
    }

    @Test
    void a_router_with_a_hardware_address_for_ever_is_asked_by_an_echo_request_and_keeps_it() {
        String mac = RouterSide.run("cat", "/sys/class/net/" + RouterSide.LINK + "/address")
                .strip();
        Links.ip("neigh", "replace", "192.0.2.1", "lladdr", mac, "dev", UPLINK, "nud", "permanent");
        assertThat(answers(new Neighbour("192.0.2.1"))).isTrue();
        assertThat(Links.ip("neigh", "show", "dev", UPLINK)).contains("192.0.2.1 lladdr " + mac + " PERMANENT");
        RouterSide.ip("link", "set", RouterSide.LINK, "down");
        assertThat(answers(new Neighbour("192.0.2.1"))).isFalse();
    }

    @Test
    void a_host_is_asked_by_echo_requests_and_tcp_connections() throws IOException {
        assertThat(answers(new Echo("192.0.2.1"), new Echo("2001:db8::1"))).isTrue();
        assertThat(answers(new Echo("192.0.2.9"))).isFalse();
        assertThat(answers(new Echo("2001:db8::9"))).isFalse();
        try (ServerSocketChannel server =
                router.call(() -> ServerSocketChannel.open().bind(new InetSocketAddress(0)))) {
            int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            assertThat(answers(new Tcp("192.0.2.1", port), new Tcp("2001:db8::1", port)))
                    .isTrue();
            assertThat(UplinkProbe.answers("lo", List.of(new Tcp("192.0.2.1", port))))
                    .isFalse();
            assertThat(answers(new Tcp("192.0.2.9", port))).isFalse();
        }
        assertThat(answers(new Tcp("192.0.2.1", 1))).isFalse();
    }

    @Test
    void neighbours_learn_a_hardware_address_from_announcements() {
        String wrong = "02:00:00:00:00:99";
        for (String address : List.of("192.0.2.10", "2001:db8::10")) {
            RouterSide.ip("neigh", "replace", address, "lladdr", wrong, "dev", RouterSide.LINK, "nud", "stale");
        }
        List<ListedAddress> addresses = UplinkLab.everything(UPLINK).addresses();
        String mac = UplinkLab.link(UPLINK).mac().orElseThrow();

        Announcer.announce(new Step.Announce(UPLINK, mac, addresses));

        eventually(() -> assertThat(RouterSide.ip("neigh", "show", "dev", RouterSide.LINK))
                .contains("192.0.2.10 lladdr " + mac, "2001:db8::10 lladdr " + mac)
                .doesNotContain(wrong));
    }
}
