// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.state;

import org.opdbus.config.json.JsonValues;

/**
 * An IPv4 address and the network that it is in.
 *
 * @param address not the network's own nor its broadcast address, where the network has them
 * @param prefix the length of the network's prefix, 1 to 32
 */
public record Ipv4Cidr(Ipv4Address address, int prefix) {
    static final String EXAMPLE = "192.168.1.101/24";
    static final String PATTERN = Ipv4Address.PATTERN + "/([1-9]|[12][0-9]|3[0-2])";

    /** A network with this prefix has two hosts and no other addresses (RFC 3021). */
    private static final int POINT_TO_POINT = 31;

    private static final int PREFIX_MAX = 32;

    public Ipv4Cidr {
        if (prefix < 1 || prefix > PREFIX_MAX) {
            throw new IllegalArgumentException("must have a prefix of 1 to " + PREFIX_MAX + ", is /" + prefix);
        }
        if (prefix < POINT_TO_POINT) {
            int host = address.bits() & ~mask(prefix);
            if (host == 0 || host == ~mask(prefix)) {
                throw new IllegalArgumentException("must be the address of a host, is the "
                        + (host == 0 ? "network's own" : "broadcast address") + ": " + address + "/" + prefix);
            }
        }
    }

    /**
     * Parses {@code a.b.c.d/n}.
     *
     * @throws IllegalArgumentException saying what the text must be
     */
    public static Ipv4Cidr parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.matches(PATTERN)) {
            throw new IllegalArgumentException("must be an IPv4 address with the length of its network's prefix ("
                    + EXAMPLE + "), is " + JsonValues.shown(text));
        }
        return new Ipv4Cidr(Ipv4Address.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    /** Returns whether the other address is in the same network and a host there can have it. */
    public boolean reaches(Ipv4Address other) {
        int mask = mask(prefix);
        int host = other.bits() & ~mask;
        boolean sameNetwork = (other.bits() & mask) == (address.bits() & mask);
        return sameNetwork && (prefix >= POINT_TO_POINT || (host != 0 && host != ~mask));
    }

    /** Returns {@code a.b.c.d/n}. */
    @Override
    public String toString() {
        return address + "/" + prefix;
    }

    private static int mask(int prefix) {
        return -1 << (PREFIX_MAX - prefix);
    }
}
