// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.net.Inet4Address;
import java.util.Optional;

/**
 * An IPv4 address to be set on a link inside a container.
 *
 * @param address the address
 * @param prefix the length of the network prefix, 0 to 32
 * @param gateway the default router, if one is wanted
 */
public record StaticAddress(Inet4Address address, int prefix, Optional<Inet4Address> gateway) {
    public StaticAddress {
        if (prefix < 0 || prefix > 32) {
            throw new IllegalArgumentException("prefix " + prefix + " of " + address + " is not within 0 to 32");
        }
    }

    /** {@code a.b.c.d/n}. */
    public String cidr() {
        return address.getHostAddress() + "/" + prefix;
    }
}
