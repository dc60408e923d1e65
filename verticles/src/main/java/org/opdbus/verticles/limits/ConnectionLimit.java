// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.limits;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections beyond a number at the point where they are accepted. A server's own count comes too late: the accepting
 * thread can be thousands of connections ahead of the serving thread, and each connection has a file descriptor and its pipeline.
 *
 * <p>It also limits how many connections are accepted in a second; further ones wait in the kernel. An attacker whose connection
 * was closed for what it sent opens the next one at once, and each of them costs processor time and garbage. If no connection can
 * be accepted for lack of a descriptor, it logs that once and tries again every second.
 */
final class ConnectionLimit extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimit.class);
    private static final long TRY_AGAIN_MS = 1_000;
    /** More than the commands of a script or the scrapes of a monitoring system need. */
    private static final int PER_SECOND = 100;

    private static final int AT_ONCE = 128;

    private final int connectionsMax;
    private final Pace pace = new Pace(PER_SECOND, AT_ONCE, System.nanoTime());
    private final AtomicInteger open = new AtomicInteger();
    private boolean isFailing;
    private @Nullable Future<?> nextTry;

    ConnectionLimit(int connectionsMax) {
        this.connectionsMax = connectionsMax;
    }

    @Override
    public void channelRead(ChannelHandlerContext server, Object message) {
        Channel connection = (Channel) message;
        if (isFailing) {
            isFailing = false;
            LOG.info(
                    "the agent accepts connections again: address={}",
                    server.channel().localAddress());
        }
        long waitNs = pace.take(System.nanoTime());
        if (waitNs > 0) {
            pause(server, waitNs);
        }
        if (open.get() >= connectionsMax) {
            LOG.debug(
                    "{} connections are open at {}; the agent closed another one",
                    connectionsMax,
                    server.channel().localAddress());
            connection.unsafe().closeForcibly();
            return;
        }
        open.incrementAndGet();
        connection.closeFuture().addListener(closed -> open.decrementAndGet());
        server.fireChannelRead(connection);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext server, Throwable cause) {
        if (!isFailing) {
            isFailing = true;
            LOG.warn(
                    "the agent cannot accept a connection at {}: {}; it tries again every second. "
                            + "If too many files are open, raise LimitNOFILE of its unit",
                    server.channel().localAddress(),
                    cause.getMessage());
        }
        pause(server, TimeUnit.MILLISECONDS.toNanos(TRY_AGAIN_MS));
    }

    /** Accepts none for this long; if a pause has begun, that one counts. */
    private void pause(ChannelHandlerContext server, long timeNs) {
        server.channel().config().setAutoRead(false);
        Future<?> earlier = nextTry;
        if (earlier == null || earlier.isDone()) {
            nextTry = server.executor()
                    .schedule(() -> server.channel().config().setAutoRead(true), timeNs, TimeUnit.NANOSECONDS);
        }
    }
}
