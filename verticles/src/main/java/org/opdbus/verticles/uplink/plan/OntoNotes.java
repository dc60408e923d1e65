// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.util.ArrayList;
import java.util.List;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;

/** What a person should know of a move that the steps do not show. */
final class OntoNotes {
    private OntoNotes() {}

    static List<String> of(LinkNetwork network, MoveRequest request) {
        List<String> notes = new ArrayList<>();
        notes.add(staysOn(request.link(), request.bridge()));
        if (network.addresses().isEmpty()) {
            notes.add(request.link() + " has no address; only the link itself moves.");
        }
        if (network.gateways().isEmpty() && request.targets().isEmpty()) {
            notes.add("There is no router to ask whether the host can be reached: only your confirmation tells.");
        }
        if (network.routes().stream().anyMatch(route -> network.isAdvertised(route) && route.isDefault())) {
            notes.add(
                    "Default routes that a router advertised move with a metric that is larger by 1, so that the kernel "
                            + "can add its own at the next advertisement; the moved ones then expire.");
        }
        if (network.movedAddresses().stream().anyMatch(OntoNotes::isTemporary)) {
            notes.add(
                    "Temporary addresses of IPv6 stay until their time is over, so connections last; the kernel does not "
                            + "mark them as temporary any more.");
        }
        return notes;
    }

    /** Says what does not move from one link to another. */
    static String staysOn(String from, String to) {
        return "What names " + from + " itself does not move: rules of nftables and iptables, sockets bound to it, "
                + "multicast groups that programs joined on it, and queueing disciplines. Packets for this host arrive by "
                + to + " after the move.";
    }

    private static boolean isTemporary(ListedAddress address) {
        return address.family() == IpFamily.IPV6 && (address.flags() & LinkNetwork.ADDRESS_TEMPORARY) != 0;
    }
}
