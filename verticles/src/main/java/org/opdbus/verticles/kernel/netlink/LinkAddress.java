// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import java.net.Inet4Address;

/**
 * An IPv4 address of a link.
 *
 * @param index the link
 * @param address the address
 * @param prefix the length of its network's prefix, 0 to 32
 */
public record LinkAddress(int index, Inet4Address address, int prefix) {
    public LinkAddress {
        if (index <= 0 || prefix < 0 || prefix > 32) {
            throw new IllegalArgumentException(
                    "not an address of a link: " + address.getHostAddress() + "/" + prefix + " on " + index);
        }
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefix;
    }
}
