// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** Reads addresses as text. It resolves no names. */
final class IpBytes {
    private static final int IPV4_BYTES = 4;
    private static final int GROUPS = 8;
    private static final int MAC_BYTES = 6;
    private static final int HEX = 16;
    private static final int BYTE_MAX = 255;
    private static final int GROUP_MAX = 0xffff;
    /** The bit that says that an identifier is unique in the world; RFC 4291 appendix A inverts it. */
    private static final int UNIVERSAL = 0x02;

    private static final int IDENTIFIER = 8;

    private IpBytes() {}

    /** Returns the bytes of an address of either family; empty if the text is not one. An address with a dotted part is not read. */
    static Optional<byte[]> of(String address) {
        try {
            return Optional.of(address.indexOf(':') < 0 ? ipv4(address) : ipv6(address));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static byte[] ipv4(String address) {
        String[] parts = address.split("\\.", -1);
        if (parts.length != IPV4_BYTES) {
            throw new IllegalArgumentException("not an address: " + address);
        }
        byte[] bytes = new byte[IPV4_BYTES];
        for (int i = 0; i < IPV4_BYTES; i++) {
            bytes[i] = (byte) number(parts[i], 10, BYTE_MAX);
        }
        return bytes;
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
        int value = number(text, HEX, GROUP_MAX);
        bytes[2 * group] = (byte) (value >> Byte.SIZE);
        bytes[2 * group + 1] = (byte) value;
    }

    private static int number(String text, int radix, int max) {
        int value = Integer.parseUnsignedInt(text, radix);
        if (value < 0 || value > max || text.startsWith("+")) {
            throw new IllegalArgumentException("too large: " + text);
        }
        return value;
    }

    /** Returns whether a network as {@code 10.0.0.0/8} is the one of an address with a prefix of this length. */
    static boolean isNetworkOf(String network, String address, int prefix) {
        int slash = network.lastIndexOf('/');
        if (slash < 0 || !network.substring(slash + 1).equals(Integer.toString(prefix))) {
            return false;
        }
        Optional<byte[]> first = of(network.substring(0, slash));
        Optional<byte[]> second = of(address);
        return first.isPresent() && second.isPresent() && haveSamePrefix(first.get(), second.get(), prefix);
    }

    private static boolean haveSamePrefix(byte[] first, byte[] second, int prefix) {
        if (first.length != second.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> bit % Byte.SIZE;
            if (((first[bit / Byte.SIZE] ^ second[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether the last 64 bits of an address are the identifier that the kernel makes from this hardware address. */
    static boolean isMadeFrom(String address, String mac) {
        Optional<byte[]> bytes = of(address).filter(all -> all.length == 2 * GROUPS);
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
