// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a connection whose last answer is written: the caller sees at once that nothing more comes. What the caller still sends is read
 * and dropped for a short time, because the kernel resets a connection that is closed with unread bytes, and the caller may lose the
 * answer then (RFC 9112 section 9.6). For the connection's event loop.
 */
final class ConnectionEnd extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionEnd.class);
    /** The time that a caller has to read its answer and to close the connection. */
    private static final long TIME_MS_MAX = 1_000;

    private static final int DROPPED_BYTES_MAX = 1 << 20;

    private int dropped;
    private @Nullable Future<?> end;

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        SslHandler encryption = added.pipeline().get(SslHandler.class);
        ChannelFuture told = encryption == null ? added.newSucceededFuture() : encryption.closeOutbound();
        told.addListener(finished -> {
            var unused = ((DuplexChannel) added.channel()).shutdownOutput();
        });
        added.channel().config().setAutoRead(true);
        end = added.executor().schedule(() -> close(added), TIME_MS_MAX, TimeUnit.MILLISECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        Future<?> planned = end;
        if (planned != null) {
            planned.cancel(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext reader, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        dropped += bytes.readableBytes();
        bytes.release();
        if (dropped > DROPPED_BYTES_MAX) {
            close(reader);
        }
    }

    private static void close(ChannelHandlerContext reader) {
        reader.close().addListener(closed -> {
            if (!closed.isSuccess()) {
                LOG.debug("closing a connection failed: {}", closed.cause().toString());
            }
        });
    }
}
