// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.opdbus.verticles.kernel.netlink.LinkSpeed;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.Listed;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;
import org.opdbus.verticles.kernel.netlink.listing.NetworkReader;

/**
 * What the kernel has in a network namespace.
 *
 * @param speeds the speeds of the links that have hardware below, by index
 * @param leftOut how many objects of each kind were over the limit, by the kind's key
 */
record KernelPicture(
        List<ListedLink> links,
        Map<Integer, LinkSpeed> speeds,
        List<ListedAddress> addresses,
        List<ListedRoute> routes,
        List<ListedRule> rules,
        Map<String, Long> leftOut,
        List<String> troubles) {
    /** The kernel makes up a speed for the links of other kinds. */
    private static final Set<String> KINDS_WITH_SPEED = Set.of("", "bond", "team", "vlan");

    /** Reads everything; blocks. */
    static KernelPicture read(NetworkReader kernel) {
        Reading reading = new Reading();
        List<ListedLink> links = reading.take("links", List.of(kernel.links()));
        Map<Integer, LinkSpeed> speeds = new HashMap<>();
        links.stream()
                .filter(link -> KINDS_WITH_SPEED.contains(link.kind()) && !link.isLoopback())
                .forEach(link -> speeds.put(link.index(), kernel.speed(link)));
        return new KernelPicture(
                links,
                speeds,
                reading.take("addresses", List.of(kernel.addresses(IpFamily.IPV4), kernel.addresses(IpFamily.IPV6))),
                reading.take("routes", List.of(kernel.routes(IpFamily.IPV4), kernel.routes(IpFamily.IPV6))),
                reading.take("rules", List.of(kernel.rules(IpFamily.IPV4), kernel.rules(IpFamily.IPV6))),
                reading.leftOut,
                reading.troubles);
    }

    private static final class Reading {
        private final Map<String, Long> leftOut = new TreeMap<>();
        private final List<String> troubles = new ArrayList<>();

        <T> List<T> take(String kind, List<Listed<T>> parts) {
            List<T> all = new ArrayList<>();
            long more = 0;
            boolean isConsistent = true;
            for (Listed<T> part : parts) {
                all.addAll(part.items());
                more += part.leftOut();
                isConsistent &= part.isConsistent();
            }
            if (more > 0) {
                leftOut.put(kind, more);
            }
            if (!isConsistent) {
                troubles.add(
                        "the kernel's " + kind + " changed during each attempt to list them: one can be missing, or be "
                                + "there twice; ask again");
            }
            return all;
        }
    }
}
