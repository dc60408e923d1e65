// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.listing;

import java.util.List;
import java.util.Optional;

/**
 * A link with everything that the kernel says about it (RTM_NEWLINK, {@code linux/if_link.h}). The agent's own picture of links is
 * {@link org.opdbus.events.Link}, which has what enrolment needs.
 *
 * @param index the link's number
 * @param name its name, as text in UTF-8
 * @param altNames its alternative names, in the kernel's order
 * @param alias the text that an administrator gave it ({@code ip link set alias}), or empty
 * @param kind the kind of a virtual link ({@code veth}, {@code bridge}, …), or empty
 * @param hardware the type of its hardware address (ARPHRD_*): 1 for Ethernet, 772 for loopback
 * @param mac its hardware address, if it has one
 * @param permanentMac the address that the hardware came with, if it has one
 * @param mtu the largest packet that it carries
 * @param flags IFF_*
 * @param operState IF_OPER_* (RFC 2863)
 * @param master the index of the link that this one belongs to, or 0
 * @param lower the index of the link below, or of the other end of a veth pair (IFLA_LINK), or 0
 * @param lowerNamespace the id of the namespace in which {@code lower} is; empty for this one
 * @param vlan the VLAN of a link of kind {@code vlan}
 * @param parentDevice the device of the bus that it stands for, such as {@code 0000:00:03.0}, or empty
 */
public record ListedLink(
        int index,
        String name,
        List<String> altNames,
        String alias,
        String kind,
        int hardware,
        Optional<String> mac,
        Optional<String> permanentMac,
        long mtu,
        int flags,
        int operState,
        int master,
        int lower,
        Optional<Integer> lowerNamespace,
        Optional<Integer> vlan,
        String parentDevice) {
    private static final int IFF_UP = 1;
    private static final int IFF_LOOPBACK = 1 << 3;
    private static final int IFF_LOWER_UP = 1 << 16;

    public ListedLink {
        altNames = List.copyOf(altNames);
    }

    /** Returns whether it is administratively up. */
    public boolean isUp() {
        return (flags & IFF_UP) != 0;
    }

    /** Returns whether it can carry packets. */
    public boolean hasCarrier() {
        return (flags & IFF_LOWER_UP) != 0;
    }

    public boolean isLoopback() {
        return (flags & IFF_LOOPBACK) != 0;
    }
}
