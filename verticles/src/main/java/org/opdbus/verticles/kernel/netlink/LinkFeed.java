// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import static org.opdbus.verticles.kernel.LibC.LIBC;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jnr.constants.platform.Errno;
import org.opdbus.verticles.kernel.LibC;

/**
 * Reports the changes of the agent's own namespace's links from the moment of opening on.
 *
 * <p>One thread reads; other threads may only call {@link #wake}.
 */
public final class LinkFeed implements AutoCloseable {
    /** A burst of thousands of links fits; the kernel takes the memory only while messages wait. */
    public static final int RECEIVE_BUFFER_BYTES = 16 * 1024 * 1024;

    private static final int RTNLGRP_LINK = 1;
    private static final int RTNLGRP_NSID = 28;
    private static final int EFD_CLOEXEC_NONBLOCK = 0x80000 | 0x800;
    private static final short POLLIN = 1;
    private static final int POLL_FD_BYTES = 8;
    /** Enough to be efficient, and small enough that no reader has to wait. */
    private static final int BATCH_MAX = 256;

    private static final int DISCARD_MAX = 100_000;
    private static final String ATTEMPT = "hear of links";

    private final NetlinkSocket socket;
    private final int wakeFd;
    private final ByteBuffer pollFds;
    private final ByteBuffer wakePollFd;
    private boolean closed;

    private LinkFeed(NetlinkSocket socket, int wakeFd) {
        this.socket = socket;
        this.wakeFd = wakeFd;
        pollFds = ByteBuffer.allocateDirect(2 * POLL_FD_BYTES).order(ByteOrder.nativeOrder());
        pollFds.putInt(socket.fd()).putShort(POLLIN).putShort((short) 0);
        pollFds.putInt(wakeFd).putShort(POLLIN).putShort((short) 0);
        // The native call gets the bytes between position and limit.
        pollFds.clear();
        wakePollFd = pollFds.slice(POLL_FD_BYTES, POLL_FD_BYTES).order(ByteOrder.nativeOrder());
    }

    /** Begins to listen. A listing made afterwards and the messages leave no gap. */
    public static LinkFeed open(int receiveBufferBytes) {
        NetlinkSocket socket = NetlinkSocket.open();
        try {
            socket.receiveBuffer(receiveBufferBytes);
            socket.join(RTNLGRP_LINK);
            socket.join(RTNLGRP_NSID);
            int wakeFd = LIBC.eventfd(0, EFD_CLOEXEC_NONBLOCK);
            if (wakeFd < 0) {
                throw NetlinkException.ofLastError("make an eventfd");
            }
            return new LinkFeed(socket, wakeFd);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Returns the next messages, in their order: waits for the first, and takes the other available ones, up to a
     * limit.
     *
     * @return no messages if the time is over, or after a call of {@link #wake}
     * @throws NetlinkException OVERRUN when messages were lost; the feed continues, but the caller needs a listing
     */
    public List<LinkMessage> next(Duration limit) {
        List<LinkMessage> messages = new ArrayList<>();
        if (awaitMessage(limit)) {
            ByteBuffer datagram = socket.receiveWaiting(ATTEMPT);
            while (datagram.hasRemaining()) {
                messages.addAll(LinkMessageReader.read(datagram));
                datagram = messages.size() < BATCH_MAX ? socket.receiveWaiting(ATTEMPT) : datagram.limit(0);
            }
        }
        return messages;
    }

    /** Leaves messages with the kernel for this time. A call of {@link #wake} ends it, and the next {@link #next}. */
    public void pause(Duration time) {
        if (!time.isZero() && LIBC.poll(wakePollFd, 1, (int) time.toMillis()) < 0 && LibC.errno() != Errno.EINTR) {
            throw NetlinkException.ofLastError(ATTEMPT);
        }
    }

    private boolean awaitMessage(Duration limit) {
        int timeoutMs = (int) Math.min(Integer.MAX_VALUE, Math.max(0, limit.toMillis()));
        int ready = LIBC.poll(pollFds, 2, timeoutMs);
        if (ready < 0 && LibC.errno() != Errno.EINTR) {
            throw NetlinkException.ofLastError(ATTEMPT);
        }
        if (ready <= 0) {
            return false;
        }
        if (pollFds.getShort(POLL_FD_BYTES + 6) != 0) {
            LIBC.read(wakeFd, new byte[Long.BYTES], Long.BYTES);
            return false;
        }
        return true;
    }

    /** Discards the unread messages, because the listing that follows contains all of it. */
    public void discard() {
        for (int i = 0; i < DISCARD_MAX; i++) {
            try {
                if (!socket.receiveWaiting(ATTEMPT).hasRemaining()) {
                    return;
                }
            } catch (NetlinkException e) {
                if (e.reason() != NetlinkException.Reason.OVERRUN) {
                    throw e;
                }
            }
        }
    }

    /** Makes {@link #next} return at once. Any thread may call it, also after the feed is closed. */
    public synchronized void wake() {
        if (!closed) {
            byte[] one = ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .putLong(1)
                    .array();
            LIBC.write(wakeFd, one, one.length);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            socket.close();
            LIBC.close(wakeFd);
        }
    }
}
