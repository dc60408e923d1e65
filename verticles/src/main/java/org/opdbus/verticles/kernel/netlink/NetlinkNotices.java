// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import java.time.Duration;
import org.opdbus.verticles.kernel.netlink.NetlinkException.Reason;

/**
 * Hears the kernel's notices of one or more groups (rtnetlink(7)) from the moment of opening on, in the namespace of the thread
 * that opened it. For one thread.
 */
public final class NetlinkNotices implements AutoCloseable {
    /** The group of notices about links. */
    public static final int LINKS = 1;

    /** The group of notices about neighbours. */
    public static final int NEIGHBOURS = 3;

    /** The group of notices about routes of IPv6. */
    public static final int IPV6_ROUTES = 11;

    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final NetlinkSocket socket;

    private NetlinkNotices(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Begins to listen. A listing made afterwards and the notices leave no gap. */
    public static NetlinkNotices open(int group) {
        NetlinkSocket socket = NetlinkSocket.open();
        try {
            socket.receiveBuffer(LinkFeed.RECEIVE_BUFFER_BYTES);
            socket.join(group);
            return new NetlinkNotices(socket);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Waits for the next notices and passes them to the visitor.
     *
     * @return false if none came within this time
     * @throws NetlinkException OVERRUN when notices were lost; only a listing can replace them
     */
    public boolean next(Duration limit, NetlinkListing.Visitor visitor) {
        String attempt = "hear of changes";
        // The kernel takes a limit of zero for none.
        socket.receiveTimeout(limit.compareTo(SHORTEST) < 0 ? SHORTEST : limit);
        try {
            NetlinkFormat.eachMessage(
                    socket.receive(attempt), message -> visitor.visit(message.type(), message.payload()));
            return true;
        } catch (NetlinkException e) {
            if (e.reason() == Reason.TIMEOUT) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
