// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.capture;

import java.util.Optional;

/** What a frame of a link begins with, by the numbers of https://www.tcpdump.org/linktypes.html. */
public enum LinkType {
    /** An Ethernet header. */
    ETHERNET(1, "EN10MB"),
    /** A header of IPv4 or IPv6, as on tunnels such as those of WireGuard. */
    RAW(101, "RAW");

    private static final int ARPHRD_ETHER = 1;
    private static final int ARPHRD_RAWIP = 519;
    private static final int ARPHRD_TUNNEL = 768;
    private static final int ARPHRD_TUNNEL6 = 769;
    private static final int ARPHRD_LOOPBACK = 772;
    private static final int ARPHRD_SIT = 776;
    private static final int ARPHRD_NONE = 65_534;

    private final int number;
    private final String name;

    LinkType(int number, String name) {
        this.number = number;
        this.name = name;
    }

    /** Returns the link type for the kernel's number of a kind of hardware; empty for kinds that are not known here. */
    static Optional<LinkType> of(int hardwareType) {
        return switch (hardwareType) {
            case ARPHRD_ETHER, ARPHRD_LOOPBACK -> Optional.of(ETHERNET);
            case ARPHRD_RAWIP, ARPHRD_TUNNEL, ARPHRD_TUNNEL6, ARPHRD_SIT, ARPHRD_NONE -> Optional.of(RAW);
            default -> Optional.empty();
        };
    }

    /** Returns its number in a file. */
    int number() {
        return number;
    }

    /** Returns its name for {@code tcpdump -y}. */
    String tcpdumpName() {
        return name;
    }
}
