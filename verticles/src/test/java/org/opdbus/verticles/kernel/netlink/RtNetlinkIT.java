// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.kernel.netlink.NetlinkException.Reason;
import org.opdbus.verticles.testing.Eventually;
import org.opdbus.verticles.testing.Links;

/** Real links in a namespace of their own. */
class RtNetlinkIT {
    private static final LinkName NEW_NAME = new LinkName("vi100");

    private final RtNetlink netlink = RtNetlink.open();

    @BeforeEach
    void makePair() {
        Links.addVeth("host0", "peer0");
    }

    @AfterEach
    void close() {
        // Deleting one end deletes the other.
        Links.batch(netlink.links().stream()
                .filter(link -> link.kind().equals("veth"))
                .filter(link -> link.isVethIntoNamespace() || link.index() < link.peerIndex())
                .map(link -> "link del " + link.name())
                .toList());
        Links.deleteNamespace("inner");
        netlink.close();
    }

    private Link link(String name) {
        return netlink.link(name).orElseThrow();
    }

    @Test
    void a_listing_has_every_link_with_its_attributes() {
        Links.setMac("host0", "02:00:00:00:00:01");
        Links.setUp("host0");

        Link host = link("host0");
        Link peer = link("peer0");
        assertThat(netlink.links()).extracting(link -> link.name().value()).contains("lo", "host0", "peer0");
        assertThat(netlink.links()).contains(host, peer);
        assertThat(host.kind()).isEqualTo("veth");
        assertThat(host.mac()).contains("02:00:00:00:00:01");
        assertThat(host.peerIndex()).isEqualTo(peer.index());
        assertThat(host.peerNamespace()).isEqualTo(Link.NO_NAMESPACE);
        assertThat(host.up()).isTrue();
        assertThat(host.carrier()).isFalse();
        assertThat(link("lo").kind()).isEmpty();
    }

    @Test
    void a_listing_of_hundreds_of_links_is_complete() {
        Links.batch(IntStream.range(0, 300)
                .mapToObj(i -> "link add many" + i + " type veth peer name more" + i)
                .toList());

        assertThat(netlink.links().stream().filter(link -> link.kind().equals("veth")))
                .hasSize(602);
    }

    @Test
    void a_link_that_is_up_gets_another_name_and_stays_up() {
        Links.setUp("host0");
        int index = link("host0").index();

        netlink.rename(index, NEW_NAME);
        netlink.rename(index, NEW_NAME);

        assertThat(link("vi100").index()).isEqualTo(index);
        assertThat(link("vi100").up()).isTrue();
        assertThat(netlink.link("host0")).isEmpty();
        assertThat(Links.ip("link", "show", "vi100")).contains("UP");
    }

    @Test
    void a_name_that_is_taken_is_refused_and_the_link_keeps_its_own() {
        Links.addVeth("vi100", "other0");

        assertThatExceptionOfType(NetlinkException.class)
                .isThrownBy(() -> netlink.rename(link("host0").index(), NEW_NAME))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.EXISTS))
                .satisfies(e -> assertThat(e.errno()).isEqualTo("EEXIST"))
                .withMessageContaining("rename link")
                .withMessageContaining("vi100");
        assertThat(netlink.link("host0")).isPresent();
    }

    @Test
    void a_link_that_is_not_there_is_absent_and_cannot_be_renamed() {
        assertThat(netlink.link(999_999)).isEmpty();
        assertThat(netlink.link("nosuch")).isEmpty();
        assertThat(netlink.link("a-name-too-long-for-a-link")).isEmpty();
        assertThatExceptionOfType(NetlinkException.class)
                .isThrownBy(() -> netlink.rename(999_999, NEW_NAME))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.NO_SUCH_LINK));
    }

    @Test
    void an_alternative_name_finds_the_link_and_can_be_taken_away() {
        int index = link("host0").index();
        String longName = "a-name-too-long-for-a-link";

        netlink.addAltName(index, "vi100");
        netlink.addAltName(index, "vi100");
        netlink.addAltName(index, longName);

        assertThat(link("vi100").index()).isEqualTo(index);
        assertThat(link(longName).name()).isEqualTo(new LinkName("host0"));
        assertThat(link("host0").altNames()).containsExactly("vi100", longName);
        assertThatExceptionOfType(NetlinkException.class)
                .isThrownBy(() -> netlink.addAltName(link("peer0").index(), "vi100"))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.EXISTS));

        netlink.removeAltName(index, "vi100");
        netlink.removeAltName(index, "vi100");

        assertThat(netlink.link("vi100")).isEmpty();
        assertThat(link("host0").altNames()).containsExactly(longName);
    }

    @Test
    void a_link_is_set_up_and_down() {
        int index = link("host0").index();

        netlink.setUp(index, true);
        netlink.setUp(link("peer0").index(), true);
        assertThat(link("host0")).matches(Link::up).matches(Link::carrier);

        netlink.setUp(index, false);
        assertThat(link("host0").up()).isFalse();
    }

    @Test
    void the_link_into_a_process_is_found_by_the_id_of_its_namespace() throws Exception {
        Links.addNamespace("inner");
        Process process = new ProcessBuilder("ip", "netns", "exec", "inner", "sleep", "600").start();
        try (NetworkNamespace inner = NetworkNamespace.at(Links.namespaceFile("inner"))) {
            // The command enters the namespace some time after its start.
            Eventually.eventually(() -> {
                try (NetworkNamespace ofProcess = NetworkNamespace.ofProcess(process.pid())) {
                    assertThat(ofProcess.inode()).isEqualTo(inner.inode());
                }
            });
            assertThat(netlink.namespaceIdOfPid(process.pid())).isEqualTo(Link.NO_NAMESPACE);
            Links.move("peer0", "inner", "eth0");

            int id = netlink.namespaceIdOfPid(process.pid());

            assertThat(id).isNotEqualTo(Link.NO_NAMESPACE);
            assertThat(netlink.namespaceIdOf(inner)).isEqualTo(id);
            assertThat(netlink.links().stream()
                            .filter(Link::isVethIntoNamespace)
                            .filter(link -> link.peerNamespace() == id))
                    .extracting(link -> link.name().value())
                    .containsExactly("host0");
            try (RtNetlink inside = RtNetlink.open(inner)) {
                assertThat(inside.link(link("host0").peerIndex()).orElseThrow().name())
                        .isEqualTo(new LinkName("eth0"));
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThatExceptionOfType(NetlinkException.class)
                .isThrownBy(() -> netlink.namespaceIdOfPid(process.pid()))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.NO_SUCH_PROCESS));
        assertThatExceptionOfType(NetlinkException.class)
                .isThrownBy(() -> NetworkNamespace.ofProcess(process.pid()))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.NO_SUCH_PROCESS));
    }

    @Test
    void addresses_and_the_default_route_are_set_inside_a_namespace() throws Exception {
        Links.addNamespace("inner");
        Links.move("peer0", "inner", "eth0");
        Links.setUp("host0");
        Inet4Address address = (Inet4Address) InetAddress.getByName("10.20.30.40");
        Inet4Address gateway = (Inet4Address) InetAddress.getByName("10.20.30.1");
        Inet4Address unreachable = (Inet4Address) InetAddress.getByName("192.0.2.1");
        try (NetworkNamespace namespace = NetworkNamespace.at(Links.namespaceFile("inner"));
                RtNetlink inside = RtNetlink.open(namespace)) {
            int index = inside.link("eth0").orElseThrow().index();
            inside.setUp(index, true);
            assertThat(inside.addresses(index)).isEmpty();
            assertThat(inside.defaultRoute()).isEmpty();

            inside.replaceAddress(index, address, 24);
            inside.replaceAddress(index, address, 24);
            inside.replaceDefaultRoute(index, gateway);
            inside.replaceDefaultRoute(index, gateway);

            assertThat(inside.addresses(index)).containsExactly(new LinkAddress(index, address, 24));
            assertThat(inside.addresses(1)).isEmpty();
            assertThat(inside.defaultRoute()).contains(new DefaultRoute(index, gateway));
            assertThat(Links.ipInside("inner", "-4", "addr", "show", "eth0"))
                    .contains("10.20.30.40/24 brd 10.20.30.255 scope global eth0");
            assertThat(Links.ipInside("inner", "route")).contains("default via 10.20.30.1 dev eth0");
            assertThatExceptionOfType(NetlinkException.class)
                    .isThrownBy(() -> inside.replaceDefaultRoute(index, unreachable))
                    .satisfies(e -> assertThat(e.errno()).isEqualTo("ENETUNREACH"))
                    .withMessageContaining("Nexthop has invalid gateway");

            inside.removeAddress(index, address, 24);

            assertThat(inside.addresses(index)).isEmpty();
            assertThat(inside.defaultRoute()).isEmpty();
        }
        assertThat(netlink.addresses(link("host0").index())).isEmpty();
    }

    @Test
    void entering_a_namespace_leaves_every_thread_where_it_was() {
        Links.addNamespace("inner");
        try (NetworkNamespace before = NetworkNamespace.current();
                NetworkNamespace inner = NetworkNamespace.at(Links.namespaceFile("inner"))) {
            List<String> inside;
            try (RtNetlink there = RtNetlink.open(inner)) {
                inside = there.links().stream().map(link -> link.name().value()).toList();
            }

            assertThat(inside).containsExactly("lo");
            assertThat(inner.inode()).isNotEqualTo(before.inode());
            try (RtNetlink here = RtNetlink.open();
                    NetworkNamespace after = NetworkNamespace.current()) {
                assertThat(after.inode()).isEqualTo(before.inode());
                assertThat(here.link("host0")).isPresent();
            }
        }
    }

    @Test
    void root_has_the_rights() {
        netlink.requireRights();

        assertThat(netlink.links()).isNotEmpty();
    }
}
