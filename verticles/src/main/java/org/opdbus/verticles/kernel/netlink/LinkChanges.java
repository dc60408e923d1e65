// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.opdbus.verticles.kernel.Poller;

/**
 * Reports the changes of another namespace's links from the moment of opening on, without a thread of its own: for a
 * {@link Poller}. It never blocks, and belongs to one thread.
 *
 * <p>While it is open, its namespace and the links in it live on, so close it when the last process there has ended.
 */
public final class LinkChanges implements AutoCloseable {
    private static final int RTNLGRP_LINK = 1;
    private static final String ATTEMPT = "hear of the links of another namespace";

    private final NetlinkSocket socket;

    private LinkChanges(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * Begins to listen; the caller may close the handle afterwards.
     *
     * @throws NetlinkException if it cannot enter the namespace or listen there
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

    /** Returns the descriptor for a {@link Poller}. */
    public int fd() {
        return socket.fd();
    }

    /**
     * Returns the messages since the last call, in order; empty if there were none.
     *
     * @throws NetlinkException OVERRUN when messages were lost; it continues, but the caller needs a listing
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
