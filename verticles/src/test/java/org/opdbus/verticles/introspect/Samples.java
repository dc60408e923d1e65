// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Port;
import org.opdbus.verticles.introspect.NetworkDocument.Evidence;
import org.opdbus.verticles.introspect.NetworkDocument.OwnedAddress;
import org.opdbus.verticles.introspect.NetworkDocument.OwnedBridge;
import org.opdbus.verticles.introspect.NetworkDocument.OwnedContainer;
import org.opdbus.verticles.introspect.NetworkDocument.OwnedLink;
import org.opdbus.verticles.introspect.NetworkDocument.OwnedPort;
import org.opdbus.verticles.introspect.NetworkDocument.OwnedRoute;
import org.opdbus.verticles.introspect.NetworkDocument.OwnedRule;
import org.opdbus.verticles.introspect.NetworkDocument.Resolver;
import org.opdbus.verticles.introspect.SwitchRows.Controller;
import org.opdbus.verticles.introspect.SwitchRows.Mirror;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.ContainerStatus;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;
import org.opdbus.verticles.inventory.KnownContainer;
import org.opdbus.verticles.inventory.MeshMembership;
import org.opdbus.verticles.inventory.WantedContainer;
import org.opdbus.verticles.kernel.netlink.LinkSpeed;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute.NextHop;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;

/** Documents for tests. */
final class Samples {
    private Samples() {}

    static ListedLink link(int index, String name, String kind, int flags) {
        return new ListedLink(
                index,
                name,
                List.of(),
                "",
                kind,
                1,
                Optional.of("02:00:00:00:00:01"),
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

    /** A document in which every object has every member, and every text is this one. */
    static NetworkDocument everything(String text) {
        List<Evidence> owners = List.of(new Evidence(text, text, text));
        return new NetworkDocument(
                text,
                Instant.parse("2026-11-29T20:00:00.123456Z"),
                List.of(wholeLink(text, owners)),
                List.of(wholeRoute(owners)),
                List.of(wholeRule(text, owners)),
                new Resolver(Optional.of(text), List.of(text), List.of(text), List.of(text), List.of(text), owners),
                List.of(wholeBridge(text, owners)),
                List.of(wholeContainer(text, owners)),
                Map.of(1, text),
                Map.of("routes", 9L, "links", 1L),
                List.of(text));
    }

    private static OwnedLink wholeLink(String text, List<Evidence> owners) {
        ListedAddress address = new ListedAddress(
                2,
                IpFamily.IPV6,
                "2001:db8::1",
                64,
                Optional.of("2001:db8::2"),
                Optional.of("192.0.2.255"),
                text,
                0,
                0xfff,
                77,
                Optional.of(3600L),
                Optional.of(0L),
                Optional.of(100L));
        ListedLink link = new ListedLink(
                2,
                text,
                List.of(text),
                text,
                "vlan",
                1,
                Optional.of("02:00:00:00:00:01"),
                Optional.of("02:00:00:00:00:02"),
                1500,
                1 | 1 << 16,
                6,
                1,
                1,
                Optional.empty(),
                Optional.of(7),
                text);
        return new OwnedLink(
                link,
                new LinkSpeed(Optional.of(10_000L), Optional.of("full")),
                Optional.of(text),
                Optional.of(text),
                List.of(new OwnedAddress(address, owners)),
                owners);
    }

    private static OwnedRoute wholeRoute(List<Evidence> owners) {
        return new OwnedRoute(
                new ListedRoute(
                        IpFamily.IPV4,
                        254,
                        "10.0.0.0/8",
                        Optional.of("192.0.2.0/24"),
                        1,
                        0,
                        4,
                        100,
                        Optional.of("192.0.2.1"),
                        16,
                        Optional.of(1400L),
                        0,
                        Optional.of(60L),
                        List.of(
                                new NextHop(1, Optional.of("192.0.2.254"), 256, 0x7f),
                                new NextHop(99, Optional.empty(), 1, 0)),
                        List.of()),
                owners);
    }

    private static OwnedRule wholeRule(String text, List<Evidence> owners) {
        return new OwnedRule(
                new ListedRule(
                        IpFamily.IPV4,
                        100,
                        1,
                        254,
                        Optional.of(200L),
                        4,
                        true,
                        Optional.of("10.0.0.0/8"),
                        Optional.of("192.0.2.0/24"),
                        text,
                        text,
                        Optional.of("0x1/0xff"),
                        16,
                        Optional.of(6),
                        Optional.of("1-2"),
                        Optional.of("80-90"),
                        Optional.of("0-0"),
                        0,
                        true),
                owners);
    }

    private static OwnedBridge wholeBridge(String text, List<Evidence> owners) {
        Port port = new Port(
                text,
                text,
                text,
                Optional.of(7),
                Set.of(9, 8),
                Optional.of("access"),
                Map.of(text, text),
                "internal",
                -1,
                Optional.of(text));
        return new OwnedBridge(
                text,
                "system",
                Optional.of("secure"),
                List.of(new Controller(text, true, Optional.of("master"))),
                List.of(new Mirror(
                        text, true, List.of(text), List.of(text), List.of("7"), Optional.of(text), Optional.of("9"))),
                List.of(new OwnedPort(port, owners)),
                owners);
    }

    private static OwnedContainer wholeContainer(String text, List<Evidence> owners) {
        ContainerStatus status = new ContainerStatus(
                new ContainerId("100"),
                Optional.empty(),
                true,
                ContainerPhase.REFUSED,
                text,
                text,
                List.of(new LinkStatus(2, text, List.of(), Optional.of(text), Optional.of(7), 3)));
        return new OwnedContainer(
                new KnownContainer(status, WantedContainer.UNNAMED, MeshMembership.NONE, Instant.EPOCH), owners);
    }
}
