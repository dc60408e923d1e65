// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.listing;

/** A family of addresses. */
public enum IpFamily {
    IPV4(2, 4),
    IPV6(10, 16);

    private final int number;
    private final int addressBytes;

    IpFamily(int number, int addressBytes) {
        this.number = number;
        this.addressBytes = addressBytes;
    }

    /** Returns the kernel's number of the family (AF_INET, AF_INET6). */
    public int number() {
        return number;
    }

    /** Returns how many bytes an address of the family has. */
    public int addressBytes() {
        return addressBytes;
    }

    /** Returns the length of the prefix that is a single address. */
    public int prefixMax() {
        return addressBytes * Byte.SIZE;
    }
}
