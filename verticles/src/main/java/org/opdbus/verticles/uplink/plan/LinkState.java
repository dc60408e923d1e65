// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import org.opdbus.verticles.kernel.netlink.listing.ListedLink;

/** Whether an uplink works: on one that does not, nothing could tell whether a move worked. */
final class LinkState {
    private LinkState() {}

    static void add(Reasons reasons, ListedLink link) {
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
}
