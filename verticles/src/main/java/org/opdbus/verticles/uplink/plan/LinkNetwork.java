// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute.NextHop;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;

/**
 * The part of a picture that belongs to one link, and what a move must carry over of it. The kernel makes the rest on each link
 * by itself: the routes to the link's own addresses, and those for multicast.
 */
final class LinkNetwork {
    static final int ADDRESS_TEMPORARY = 0x01;
    static final int ADDRESS_DUPLICATE = 0x08;
    static final int ADDRESS_TENTATIVE = 0x40;
    static final int ADDRESS_PERMANENT = 0x80;
    static final int ADDRESS_MAKES_TEMPORARY = 0x100;
    static final int SCOPE_LINK = 253;
    static final int PROTOCOL_RA = 9;

    /** IFAPROT_KERNEL_RA; a kernel before 5.18 does not tell. */
    private static final int ADDRESS_PROTOCOL_RA = 2;

    private static final int PROTOCOL_REDIRECT = 1;
    private static final int PROTOCOL_KERNEL = 2;
    private static final int TYPE_UNICAST = 1;
    private static final long TABLE_LOCAL = 255;
    private static final int NEXT_HOP_ON_LINK = 4;
    private static final String ACCEPT_RA = "net/ipv6/conf/*/accept_ra";
    private static final String FORWARDING = "net/ipv6/conf/*/forwarding";

    private final UplinkPicture picture;
    private final ListedLink link;
    private final Map<String, String> settings;

    LinkNetwork(UplinkPicture picture, ListedLink link) {
        this.picture = picture;
        this.link = link;
        settings = picture.settings().getOrDefault(link.name(), Map.of());
    }

    /** Returns the link's addresses, in the kernel's order. */
    List<ListedAddress> addresses() {
        return picture.addresses().stream()
                .filter(address -> address.index() == link.index())
                .toList();
    }

    /**
     * Returns the addresses that a move carries over, in the order in which they must be added. The kernel adds an address of IPv6 in
     * front of the others, and the first one is used as a sender if nothing else decides. Link-local addresses move, too: a bridge
     * that was up before it got the link's hardware address keeps the one that it made from its own.
     */
    List<ListedAddress> movedAddresses() {
        List<ListedAddress> moved = new ArrayList<>();
        for (ListedAddress address : addresses()) {
            moved.add(address.family() == IpFamily.IPV6 ? firstOfIpv6(moved) : moved.size(), address);
        }
        return moved;
    }

    private static int firstOfIpv6(List<ListedAddress> addresses) {
        int first = 0;
        while (first < addresses.size() && addresses.get(first).family() == IpFamily.IPV4) {
            first++;
        }
        return first;
    }

    static boolean isLinkLocal(ListedAddress address) {
        return address.family() == IpFamily.IPV6 && address.scope() == SCOPE_LINK;
    }

    /** Returns whether the last 64 bits of the address are made from the link's hardware address. */
    boolean isMadeFromMac(ListedAddress address) {
        return link.mac()
                .filter(mac -> InterfaceIdentifier.isMadeFrom(address.address(), mac))
                .isPresent();
    }

    /** Returns whether the kernel, and not a program, takes routers and addresses from the advertisements of routers. */
    boolean takesAdvertisements() {
        String accept = settings.getOrDefault(ACCEPT_RA, "0");
        boolean isRouter = !settings.getOrDefault(FORWARDING, "0").equals("0");
        return accept.equals("2") || (accept.equals("1") && !isRouter);
    }

    /** Returns whether the kernel made the address from the advertisement of a router, and renews it with each one. */
    boolean isAdvertised(ListedAddress address) {
        return takesAdvertisements()
                && address.family() == IpFamily.IPV6
                && address.scope() != SCOPE_LINK
                && (address.protocol() == ADDRESS_PROTOCOL_RA || (address.flags() & ADDRESS_MAKES_TEMPORARY) != 0)
                && (address.flags() & (ADDRESS_PERMANENT | ADDRESS_TEMPORARY)) == 0;
    }

    /** Returns whether the kernel made the route from the advertisement of a router. */
    boolean isAdvertised(ListedRoute route) {
        return takesAdvertisements() && route.family() == IpFamily.IPV6 && route.protocol() == PROTOCOL_RA;
    }

    /**
     * Returns the routes that leave by the link, in part or in whole. The routes to the networks of the addresses are among them:
     * that there is none, or what metric it has, is a choice of the administrator's. What the kernel makes in any case is not.
     */
    List<ListedRoute> routes() {
        return picture.routes().stream()
                .filter(route -> route.nextHops().stream().anyMatch(this::isHere))
                .filter(route -> !isMadeByKernel(route))
                .toList();
    }

    boolean isHere(NextHop hop) {
        return hop.index() == link.index();
    }

    /** The kernel makes these for each link with addresses, and removes them with the last address. */
    private boolean isMadeByKernel(ListedRoute route) {
        if (route.protocol() == PROTOCOL_REDIRECT) {
            return true;
        }
        return isOfKernel(route) && (route.table() == TABLE_LOCAL || route.type() != TYPE_UNICAST);
    }

    /** Returns whether the kernel made the route with an address, or a program that writes in the kernel's name. */
    static boolean isOfKernel(ListedRoute route) {
        return route.protocol() == PROTOCOL_KERNEL;
    }

    /** Returns the routes that a move carries over, in the order in which they must be added. */
    List<ListedRoute> movedRoutes() {
        return routes().stream()
                .map(LinkNetwork::plain)
                .sorted(Comparator.comparing(route ->
                        route.nextHops().stream().anyMatch(hop -> hop.gateway().isPresent())))
                .toList();
    }

    /** Without the flags that the kernel sets by itself, such as that the link had no carrier at a time. */
    private static ListedRoute plain(ListedRoute route) {
        return new ListedRoute(
                route.family(),
                route.table(),
                route.destination(),
                route.source(),
                route.type(),
                route.scope(),
                route.protocol(),
                route.metric(),
                route.preferredSource(),
                route.tos(),
                route.mtu(),
                route.flags() & NEXT_HOP_ON_LINK,
                route.expiresS(),
                route.nextHops().stream()
                        .map(hop ->
                                new NextHop(hop.index(), hop.gateway(), hop.weight(), hop.flags() & NEXT_HOP_ON_LINK))
                        .toList(),
                route.others());
    }

    /** Returns the rules that name the link. */
    List<ListedRule> rules() {
        return picture.rules().stream()
                .filter(rule -> rule.inputLink().equals(link.name())
                        || rule.outputLink().equals(link.name()))
                .toList();
    }

    /** Returns everything that a move carries over. */
    Step.Network moved() {
        return new Step.Network(movedAddresses(), movedRoutes(), rules());
    }

    /** Returns the routers that must answer after a move: those of default routes, or of all routes if there is no default route. */
    List<ProbeTarget> gateways() {
        List<ListedRoute> defaults =
                routes().stream().filter(ListedRoute::isDefault).toList();
        return (defaults.isEmpty() ? routes() : defaults)
                .stream()
                        .flatMap(route -> route.nextHops().stream())
                        .flatMap(hop -> hop.gateway().stream())
                        .distinct()
                        .<ProbeTarget>map(ProbeTarget.Neighbour::new)
                        .toList();
    }

    /** Returns a setting of the link by its path with {@code *} in place of its name; empty if it is not known. */
    Optional<String> setting(String path) {
        return Optional.ofNullable(settings.get(path));
    }
}
