// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.batch;

import java.util.Optional;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;

/**
 * What the kernel knows of a host on a link (RTM_NEWNEIGH, {@code linux/neighbour.h}).
 *
 * @param index the link
 * @param address the host's address
 * @param mac its hardware address, in lower case with colons, if it is known
 * @param state NUD_*
 * @param flags NTF_*
 * @param protocol which program made it, or 0
 */
public record Neighbour(
        int index, IpFamily family, String address, Optional<String> mac, int state, int flags, int protocol) {
    public static final int NUD_INCOMPLETE = 0x01;
    public static final int NUD_REACHABLE = 0x02;
    public static final int NUD_STALE = 0x04;
    public static final int NUD_DELAY = 0x08;
    public static final int NUD_PROBE = 0x10;
    public static final int NUD_FAILED = 0x20;
    public static final int NUD_PERMANENT = 0x80;

    /** Returns whether a program made it for ever. */
    public boolean isPermanent() {
        return (state & NUD_PERMANENT) != 0;
    }

    /** Returns whether the host has just answered. */
    public boolean isReachable() {
        return (state & NUD_REACHABLE) != 0;
    }

    /** Returns whether the kernel has asked and got no answer. */
    public boolean isFailed() {
        return (state & NUD_FAILED) != 0;
    }

    /** Returns whether its hardware address was learned, now or earlier. */
    public boolean isLearned() {
        return mac.isPresent() && (state & (NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE)) != 0;
    }
}
