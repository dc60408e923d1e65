// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.opdbus.verticles.kernel.Poller;

/**
 * What the kernel says about the links of another namespace, from the moment of opening on, without a thread of its own:
 * for a {@link Poller}. It never blocks, and belongs to one thread.
 *
 * <p>As long as it is open, its namespace lives, and so do the links in it: it is to be closed when the last process there
 * has ended.
 */
public final class LinkChanges implements AutoCloseable {
    private static final int RTNLGRP_LINK = 1;
    private static final String ATTEMPT = "hear of the links of another namespace";

    private final NetlinkSocket socket;

    private LinkChanges(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * Begins to hear; the handle may be closed afterwards.
     *
     * @throws NetlinkException if the namespace cannot be entered or heard
     */
    public static LinkChanges in(NetworkNamespace namespace) {
        return namespace.inside(() -> {
            NetlinkSocket socket = NetlinkSocket.open();
            try {
                socket.join(RTNLGRP_LINK);
                return new LinkChanges(socket);
            } catch (NetlinkException e) {
                socket.close();
                throw e;
            }
        });
    }

    /** For a {@link Poller}. */
    public int fd() {
        return socket.fd();
    }

    /**
     * What was said since the last call, in order; empty if nothing was.
     *
     * @throws NetlinkException OVERRUN when messages were lost; it goes on, but a listing is needed
     */
    public List<LinkMessage> read() {
        List<LinkMessage> messages = new ArrayList<>();
        ByteBuffer datagram = socket.receiveWaiting(ATTEMPT);
        while (datagram.hasRemaining()) {
            messages.addAll(LinkMessageReader.read(datagram));
            datagram = socket.receiveWaiting(ATTEMPT);
        }
        return messages;
    }

    @Override
    public void close() {
        socket.close();
    }
}
