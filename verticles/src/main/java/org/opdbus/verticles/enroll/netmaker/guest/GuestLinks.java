// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.guest;

import java.util.List;
import java.util.Optional;
import org.opdbus.events.Link;
import org.opdbus.verticles.kernel.netlink.LinkAddress;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;
import org.opdbus.verticles.kernel.netlink.RtNetlink;

/**
 * The kernel's state of a container's network, read from outside.
 *
 * @param carrier whether a link other than loopback can carry packets
 * @param routed whether there is a default route
 * @param link the requested link, if it exists
 * @param addresses its IPv4 addresses
 */
public record GuestLinks(boolean carrier, boolean routed, Optional<Link> link, List<String> addresses) {
    private static final String LOOPBACK = "lo";

    /** Reads the network of the container with this init. Waits for the kernel; fails with NetlinkException. */
    public static GuestLinks of(long initPid, String linkName) {
        try (NetworkNamespace namespace = NetworkNamespace.ofProcess(initPid);
                RtNetlink kernel = RtNetlink.open(namespace)) {
            List<Link> links = kernel.links();
            Optional<Link> link = links.stream()
                    .filter(one -> one.name().value().equals(linkName))
                    .findFirst();
            return new GuestLinks(
                    links.stream()
                            .anyMatch(one -> !one.name().value().equals(LOOPBACK)
                                    && !one.name().value().equals(linkName)
                                    && one.up()
                                    && one.carrier()),
                    kernel.defaultRoute().isPresent(),
                    link,
                    link.map(one -> kernel.addresses(one.index()).stream()
                                    .map(LinkAddress::address)
                                    .map(address -> String.valueOf(address.getHostAddress()))
                                    .toList())
                            .orElse(List.of()));
        }
    }

    /** Returns what is wrong with the link, as the interface of these nodes; empty if nothing is. */
    public Optional<String> wrong(String linkName, List<MeshNode> nodes) {
        if (link.isEmpty()) {
            return Optional.of("it has no interface " + linkName);
        }
        if (!link.get().up()) {
            return Optional.of("its interface " + linkName + " is down");
        }
        return nodes.stream()
                .map(node -> node.address().substring(0, node.address().indexOf('/')))
                .filter(address -> address.indexOf(':') < 0 && !addresses.contains(address))
                .findFirst()
                .map(address -> "its interface " + linkName + " lacks the address " + address);
    }
}
