// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** The last 64 bits of an address of IPv6, which the kernel can make from a hardware address (RFC 4291 appendix A). */
final class InterfaceIdentifier {
    private static final int GROUPS = 8;
    private static final int MAC_BYTES = 6;
    private static final int HEX = 16;
    private static final int GROUP_MAX = 0xffff;
    /** The bit that says that an identifier is unique in the world; RFC 4291 appendix A inverts it. */
    private static final int UNIVERSAL = 0x02;

    private static final int IDENTIFIER = 8;

    private InterfaceIdentifier() {}

    /** Returns the bytes of an address of IPv6; empty if the text is another. A dotted part is not read. */
    private static Optional<byte[]> of(String address) {
        try {
            return Optional.of(ipv6(address));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static byte[] ipv6(String address) {
        int gap = address.indexOf("::");
        String[] head = parts(gap < 0 ? address : address.substring(0, gap));
        String[] tail = parts(gap < 0 ? "" : address.substring(gap + 2));
        int count = head.length + tail.length;
        if (gap < 0 ? count != GROUPS : count >= GROUPS) {
            throw new IllegalArgumentException("not an address: " + address);
        }
        byte[] bytes = new byte[2 * GROUPS];
        for (int i = 0; i < head.length; i++) {
            put(bytes, i, head[i]);
        }
        for (int i = 0; i < tail.length; i++) {
            put(bytes, GROUPS - tail.length + i, tail[i]);
        }
        return bytes;
    }

    private static String[] parts(String text) {
        return text.isEmpty() ? new String[0] : text.split(":", -1);
    }

    private static void put(byte[] bytes, int group, String text) {
        int value = Integer.parseUnsignedInt(text, HEX);
        if (value < 0 || value > GROUP_MAX) {
            throw new IllegalArgumentException("not a group of an address: " + text);
        }
        bytes[2 * group] = (byte) (value >> Byte.SIZE);
        bytes[2 * group + 1] = (byte) value;
    }

    /** Returns whether the last 64 bits of an address are the identifier that the kernel makes from this hardware address. */
    static boolean isMadeFrom(String address, String mac) {
        Optional<byte[]> bytes = of(address);
        byte[] hardware = HexFormat.ofDelimiter(":").parseHex(mac);
        if (bytes.isEmpty() || hardware.length != MAC_BYTES) {
            return false;
        }
        byte[] identifier = {
            (byte) (hardware[0] ^ UNIVERSAL),
            hardware[1],
            hardware[2],
            (byte) 0xff,
            (byte) 0xfe,
            hardware[3],
            hardware[4],
            hardware[5]
        };
        return Arrays.equals(identifier, 0, IDENTIFIER, bytes.get(), IDENTIFIER, 2 * IDENTIFIER);
    }
}
