// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import java.time.Duration;
import java.util.Optional;
import org.opdbus.verticles.kernel.netlink.NetlinkException;
import org.opdbus.verticles.kernel.netlink.NetlinkNotices;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.NetworkReader;
import org.opdbus.verticles.uplink.plan.UplinkFailure;

/** The link of a bridge's own port: Open vSwitch makes it, and the kernel says when it is there. Blocks. */
final class BridgeLink {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private BridgeLink() {}

    /**
     * Waits until the link is there with its hardware address and its MTU, and sets it up.
     *
     * @throws UplinkFailure if it is not as it must be within ten seconds
     */
    static void awaitUp(String name, String mac, long mtu) {
        try (NetlinkNotices notices = NetlinkNotices.open(NetlinkNotices.LINKS);
                RtNetlink kernel = RtNetlink.open();
                NetworkReader reader = NetworkReader.open()) {
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (true) {
                Optional<ListedLink> link = find(reader, name);
                if (link.isPresent() && isAsWanted(link.get(), mac, mtu)) {
                    kernel.setUp(link.get().index(), true);
                    return;
                }
                Duration left = Duration.ofNanos(deadline - System.nanoTime());
                if (left.isNegative() || !next(notices, left)) {
                    throw new UplinkFailure(complaint(name, mac, mtu, link));
                }
            }
        }
    }

    /** Fails if there is no such link. The userspace datapath does not tell it (ovs-vswitchd gives the port a number). */
    static void require(String name) {
        try (RtNetlink kernel = RtNetlink.open()) {
            if (kernel.link(name).isEmpty()) {
                throw new UplinkFailure("there is no link " + name + " any more");
            }
        }
    }

    private static boolean next(NetlinkNotices notices, Duration limit) {
        try {
            return notices.next(limit, (type, payload) -> {});
        } catch (NetlinkException e) {
            if (e.reason() == NetlinkException.Reason.OVERRUN) {
                // The listing that follows replaces what was lost.
                return true;
            }
            throw e;
        }
    }

    private static Optional<ListedLink> find(NetworkReader reader, String name) {
        return reader.links().items().stream()
                .filter(link -> link.name().equals(name))
                .findFirst();
    }

    private static boolean isAsWanted(ListedLink link, String mac, long mtu) {
        return link.mac().filter(mac::equalsIgnoreCase).isPresent() && link.mtu() == mtu;
    }

    private static String complaint(String name, String mac, long mtu, Optional<ListedLink> link) {
        return "Open vSwitch made no link " + name + " with the hardware address " + mac + " and the MTU " + mtu
                + " within "
                + LIMIT.toSeconds() + " s: "
                + link.map(found -> "it has the hardware address " + found.mac().orElse("none") + " and the MTU "
                                + found.mtu())
                        .orElse("there is no such link");
    }
}
