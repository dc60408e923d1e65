// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.listing;

import java.util.List;
import java.util.Optional;

/**
 * A route (RTM_NEWROUTE, {@code linux/rtnetlink.h}).
 *
 * @param family the family of its destination
 * @param table the number of its table; 254 is main, 255 local
 * @param destination the network, as {@code 10.0.0.0/8}; of the default route {@code 0.0.0.0/0} or {@code ::/0}
 * @param source the network of the senders that it is for (IPv6), if it is not for all
 * @param type RTN_*
 * @param scope RT_SCOPE_*
 * @param protocol RTPROT_*: which part of the kernel or which program made it
 * @param metric the smaller one of two routes to the same network is used
 * @param preferredSource the address that this host uses as a sender, if the route names one
 * @param tos the type of service that it is for, or 0
 * @param mtu the largest packet for this destination, if the route names one
 * @param flags RTNH_F_* and RTM_F_* of the whole route
 * @param expiresS after how many seconds the kernel removes it, if it does
 * @param nextHops where packets go; more than one for a multipath route, none for a route that refuses them
 * @param others what else the kernel said of it that this record has no value of, such as {@code advmss} or {@code encap}; a
 *     route that is made again from this record loses that
 */
public record ListedRoute(
        IpFamily family,
        long table,
        String destination,
        Optional<String> source,
        int type,
        int scope,
        int protocol,
        long metric,
        Optional<String> preferredSource,
        int tos,
        Optional<Long> mtu,
        int flags,
        Optional<Long> expiresS,
        List<NextHop> nextHops,
        List<String> others) {
    private static final int RTPROT_RA = 9;

    public ListedRoute {
        nextHops = List.copyOf(nextHops);
        others = List.copyOf(others);
    }

    /**
     * Returns the route as a program must give it to another link. That is the same route, but for one that the kernel took from the
     * advertisement of a router: the other link takes it from the next advertisement, and the kernel stops reading an advertisement
     * when it finds the same route made by a program. So the copy stands behind it, and ends when the original would have.
     */
    public ListedRoute forAnotherLink() {
        boolean isAdvertised = family == IpFamily.IPV6 && protocol == RTPROT_RA && expiresS.isPresent();
        return isAdvertised ? withMetric(metric + 1) : this;
    }

    /** Returns the same route with another metric. */
    public ListedRoute withMetric(long other) {
        return new ListedRoute(
                family,
                table,
                destination,
                source,
                type,
                scope,
                protocol,
                other,
                preferredSource,
                tos,
                mtu,
                flags,
                expiresS,
                nextHops,
                others);
    }

    /**
     * Where packets go.
     *
     * @param index the link that they leave by, or 0
     * @param gateway the router that they are sent to, of either family; empty if the destination is on the link
     * @param weight its share of the traffic of a multipath route; 1 for a single next hop
     * @param flags RTNH_F_*
     */
    public record NextHop(int index, Optional<String> gateway, int weight, int flags) {}

    /** Returns whether it is a default route. */
    public boolean isDefault() {
        return destination.endsWith("/0");
    }
}
