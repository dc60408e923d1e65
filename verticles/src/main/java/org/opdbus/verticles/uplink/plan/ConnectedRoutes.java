// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.util.Optional;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;

/** The routes that the kernel adds with an address and removes with it. */
final class ConnectedRoutes {
    private static final long TABLE_MAIN = 254;
    /** IP6_RT_PRIO_ADDRCONF; IPv4 uses 0. */
    private static final long IPV6_METRIC = 256;

    private ConnectedRoutes() {}

    /**
     * Returns whether the route to the network of an address is there because of the address. The caller has checked that the route
     * is the kernel's and leaves by the address's link. NetworkManager and systemd-networkd add addresses without a route and then
     * the route in the kernel's name, so the protocol alone does not tell.
     */
    static boolean bringsAlong(ListedAddress address, ListedRoute route) {
        return address.family() == route.family()
                && (address.flags() & LinkNetwork.ADDRESS_NO_PREFIX_ROUTE) == 0
                && route.table() == TABLE_MAIN
                && route.nextHops().stream().allMatch(hop -> hop.gateway().isEmpty())
                && route.metric() == metric(address)
                && (route.family() == IpFamily.IPV6 || route.preferredSource().equals(Optional.of(address.address())))
                && leadsTo(address, route.destination());
    }

    private static long metric(ListedAddress address) {
        return address.routeMetric().orElse(address.family() == IpFamily.IPV4 ? 0L : IPV6_METRIC);
    }

    private static boolean leadsTo(ListedAddress address, String destination) {
        String other = address.peer().orElse(address.address());
        if (IpBytes.isNetworkOf(destination, other, address.prefix())) {
            return true;
        }
        return address.family() == IpFamily.IPV6
                && (IpBytes.isNetworkOf(destination, address.address(), address.prefix())
                        || IpBytes.isNetworkOf(destination, address.address(), IpFamily.IPV6.prefixMax()));
    }
}
