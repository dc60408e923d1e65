// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.listing;

/** Addresses as text: of IPv4 in decimal, of IPv6 as RFC 5952 recommends. */
public final class IpText {
    private static final int IPV6_GROUPS = 8;

    private IpText() {}

    /** Returns the text of an address, or an empty text if it has neither 4 nor 16 bytes. */
    public static String of(byte[] address) {
        return switch (address.length) {
            case 4 ->
                (address[0] & 0xff) + "." + (address[1] & 0xff) + "." + (address[2] & 0xff) + "." + (address[3] & 0xff);
            case 16 -> ipv6(address);
            default -> "";
        };
    }

    private static String ipv6(byte[] address) {
        int[] groups = new int[IPV6_GROUPS];
        for (int i = 0; i < IPV6_GROUPS; i++) {
            groups[i] = (address[2 * i] & 0xff) << 8 | (address[2 * i + 1] & 0xff);
        }
        int from = 0;
        int length = 0;
        for (int start = 0; start < IPV6_GROUPS; start++) {
            int end = start;
            while (end < IPV6_GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - start > length) {
                from = start;
                length = end - start;
            }
        }
        // RFC 5952 section 4.2.2: a single group of zeros is not shortened.
        if (length < 2) {
            return joined(groups, 0, IPV6_GROUPS);
        }
        return joined(groups, 0, from) + "::" + joined(groups, from + length, IPV6_GROUPS);
    }

    private static String joined(int[] groups, int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(i == from ? "" : ":").append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
