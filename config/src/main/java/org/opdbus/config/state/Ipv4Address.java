// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.state;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.config.json.JsonValues;

/**
 * An IPv4 address that one host can have: not in 0.0.0.0/8 or 127.0.0.0/8, not multicast or above.
 *
 * @param bits the address as a number, in network order
 */
public record Ipv4Address(int bits) {
    static final String EXAMPLE = "192.168.1.1";

    /** Four numbers without leading zeros: some readers take 010 as eight, others as ten. */
    static final String PATTERN =
            "(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,2})";

    private static final Pattern WRITTEN = Pattern.compile(PATTERN);
    private static final int OCTETS = 4;
    private static final int OCTET_MAX = 255;
    private static final int LOOPBACK = 127;
    private static final int MULTICAST = 224;

    public Ipv4Address {
        int first = bits >>> 24;
        if (first == 0 || first == LOOPBACK || first >= MULTICAST) {
            throw new IllegalArgumentException("must be an address that a host can have, is " + dotted(bits));
        }
    }

    /**
     * Parses {@code a.b.c.d}.
     *
     * @throws IllegalArgumentException saying what the text must be
     */
    public static Ipv4Address parse(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        int bits = 0;
        boolean valid = matcher.matches();
        for (int octet = 1; valid && octet <= OCTETS; octet++) {
            int value = Integer.parseInt(matcher.group(octet));
            valid = value <= OCTET_MAX;
            bits = (bits << 8) | value;
        }
        if (!valid) {
            throw new IllegalArgumentException(
                    "must be an IPv4 address (" + EXAMPLE + "), is " + JsonValues.shown(text));
        }
        return new Ipv4Address(bits);
    }

    /** Returns the address for {@code java.net}, without a name server. */
    public Inet4Address toInetAddress() {
        byte[] octets = {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
        try {
            return (Inet4Address) InetAddress.getByAddress(octets);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("four bytes are always an address", impossible);
        }
    }

    /** Returns {@code a.b.c.d}. */
    @Override
    public String toString() {
        return dotted(bits);
    }

    static String dotted(int bits) {
        return (bits >>> 24) + "." + ((bits >>> 16) & OCTET_MAX) + "." + ((bits >>> 8) & OCTET_MAX) + "."
                + (bits & OCTET_MAX);
    }
}
