// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback.script;

import io.netty.util.NetUtil;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;

/** The route that the kernel makes for the network of an address; pure. */
final class AddressRoute {
    private static final int IFA_F_SECONDARY = 0x01;
    private static final int RTPROT_KERNEL = 2;
    private static final long TABLE_LOCAL = 255;
    private static final long IPV6_METRIC = 256;

    private AddressRoute() {}

    /** Returns whether a route is that of an address. */
    static boolean isOf(ListedRoute route, ListedAddress address) {
        return route.family() == address.family()
                && route.protocol() == RTPROT_KERNEL
                && route.table() != TABLE_LOCAL
                && route.nextHops().stream().allMatch(hop -> hop.gateway().isEmpty())
                && leadsTo(route.destination(), address)
                && (route.family() == IpFamily.IPV6 || route.preferredSource().equals(Optional.of(address.address())));
    }

    /** Returns whether the kernel would make the route, and there is none. */
    static boolean isMissing(ListedAddress address, Optional<ListedRoute> route) {
        boolean isSecond = address.family() == IpFamily.IPV4 && (address.flags() & IFA_F_SECONDARY) != 0;
        return route.isEmpty()
                && !isSecond
                && address.prefix() < address.family().prefixMax();
    }

    /** Returns the metric of the route, if it is not the kernel's own choice. */
    static Optional<Long> metric(ListedAddress address, Optional<ListedRoute> route) {
        long usual = address.family() == IpFamily.IPV4 ? 0 : IPV6_METRIC;
        return address.routeMetric().or(() -> route.map(ListedRoute::metric).filter(metric -> metric != usual));
    }

    private static boolean leadsTo(String destination, ListedAddress address) {
        int slash = destination.indexOf('/');
        if (slash < 0 || !destination.substring(slash + 1).equals(Integer.toString(address.prefix()))) {
            return false;
        }
        byte @Nullable [] network = NetUtil.createByteArrayFromIpAddressString(destination.substring(0, slash));
        byte @Nullable [] own =
                NetUtil.createByteArrayFromIpAddressString(address.peer().orElse(address.address()));
        if (network == null || own == null || network.length != own.length) {
            return false;
        }
        for (int bit = 0; bit < address.prefix(); bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if (((network[bit / Byte.SIZE] ^ own[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
