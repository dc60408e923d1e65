// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;

/** Tells which route the kernel made for the network of an address. Pure. */
final class PrefixRoutes {
    private static final int RTPROT_KERNEL = 2;
    private static final int RTN_UNICAST = 1;

    private PrefixRoutes() {}

    static boolean isOf(ListedRoute route, ListedAddress address) {
        return route.protocol() == RTPROT_KERNEL
                && route.type() == RTN_UNICAST
                && route.family() == address.family()
                && route.nextHops().stream().allMatch(hop -> hop.gateway().isEmpty())
                && isNetworkOf(route.destination(), address)
                && (route.family() == IpFamily.IPV6
                        || route.preferredSource()
                                .filter(address.address()::equals)
                                .isPresent());
    }

    private static boolean isNetworkOf(String destination, ListedAddress address) {
        int slash = destination.indexOf('/');
        byte @Nullable [] network = NetUtil.createByteArrayFromIpAddressString(destination.substring(0, slash));
        byte @Nullable [] own =
                NetUtil.createByteArrayFromIpAddressString(address.peer().orElse(address.address()));
        int prefix = Integer.parseInt(destination.substring(slash + 1));
        if (network == null || own == null || network.length != own.length || prefix != address.prefix()) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if (((network[bit / Byte.SIZE] ^ own[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
