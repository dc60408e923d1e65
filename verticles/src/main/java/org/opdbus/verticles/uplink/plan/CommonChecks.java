// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.List;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;

/** What forbids a move in either direction. */
final class CommonChecks {
    private static final Duration WITHIN_MIN = Duration.ofSeconds(1);
    private static final Duration WITHIN_MAX = Duration.ofDays(1);

    private CommonChecks() {}

    /** Checks the request itself; the picture does not matter here. */
    static void request(Reasons reasons, MoveRequest request) {
        for (ProbeTarget target : request.targets()) {
            String address = target.address();
            reasons.addIf(
                    !NetUtil.isValidIpV4Address(address) && !NetUtil.isValidIpV6Address(address),
                    "the target " + address + " is not an address",
                    "write the address itself: names are not resolved while the network moves");
        }
        reasons.addIf(
                request.confirmWithin().compareTo(WITHIN_MIN) < 0
                        || request.confirmWithin().compareTo(WITHIN_MAX) > 0,
                "a move cannot wait " + request.confirmWithin().toSeconds() + " s for its confirmation",
                "use 1 s to 1 day");
    }

    /** On a link that does not work, nothing could tell whether a move worked. */
    static void state(Reasons reasons, ListedLink link) {
        String name = link.name();
        if (!link.isUp()) {
            reasons.add(name + " is down", "set it up first: ip link set " + name + " up");
        } else {
            reasons.addIf(
                    !link.hasCarrier(),
                    name + " has no carrier",
                    "connect it first: without it nothing can tell whether the move worked");
        }
    }

    /** A DHCP client that stays on a link would bring the address back there, or let it run out on the receiver. */
    static void clients(Reasons reasons, UplinkPicture picture, ManagerPlan manager, String link) {
        picture.clients().getOrDefault(link, List.of()).stream()
                .filter(client -> !manager.takenOver().contains(client.pid()))
                .forEach(client -> reasons.add(
                        "the DHCP client " + client.program() + " (process " + client.pid() + ") keeps the address of "
                                + link + ", and it is not known how to make it serve another link",
                        "let the program that configures the network start it, or configure a fixed address first"));
    }

    /** What of a link's network cannot be carried over whole. */
    static void network(Reasons reasons, LinkNetwork network) {
        network.addresses().forEach(address -> address(reasons, network, address));
        network.routes().forEach(route -> route(reasons, network, route));
    }

    private static void address(Reasons reasons, LinkNetwork network, ListedAddress address) {
        String text = address.address() + "/" + address.prefix();
        if ((address.flags() & LinkNetwork.ADDRESS_DUPLICATE) != 0) {
            reasons.add(
                    "the address " + text + " is not in use, because another host has it",
                    "remove it from the link first");
        } else {
            reasons.addIf(
                    (address.flags() & LinkNetwork.ADDRESS_TENTATIVE) != 0,
                    "the kernel still checks whether another host has the address " + text,
                    "try again in a few seconds");
        }
        reasons.addIf(
                network.isAdvertised(address) && !network.isMadeFromMac(address),
                "the kernel makes the address " + text
                        + " from a secret or token of the link, and would make another one on the bridge",
                "configure the address as a fixed one first");
    }

    private static void route(Reasons reasons, LinkNetwork network, ListedRoute route) {
        String text = route.destination() + " in table " + route.table();
        reasons.addIf(
                !route.nextHops().stream().allMatch(network::isHere),
                "the route to " + text + " leads over other links, too",
                "replace it by routes over one link each");
        List<String> others = route.others();
        reasons.addIf(
                !others.isEmpty() && !network.isAdvertised(route) && !isRenewed(route),
                "the route to " + text + " has settings that a move cannot carry over (" + String.join(", ", others)
                        + ")",
                "remove them from the route, or move the link by hand");
    }

    /** A program that reads the advertisements of routers sets the hop limit again with the next one. */
    private static boolean isRenewed(ListedRoute route) {
        return route.protocol() == LinkNetwork.PROTOCOL_RA && route.others().equals(List.of("hoplimit"));
    }
}
