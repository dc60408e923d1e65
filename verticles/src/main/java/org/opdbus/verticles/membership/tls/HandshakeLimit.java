// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * Limits the connections of one server of Vert.x whose TLS handshake is not finished. Vert.x itself limits only the
 * duration of a handshake.
 */
public final class HandshakeLimit extends ChannelInboundHandlerAdapter {
    private final PendingHandshakes pending = new PendingHandshakes();

    @Override
    public void channelRead(ChannelHandlerContext server, Object accepted) {
        SocketChannel caller = (SocketChannel) accepted;
        PendingHandshakes.Entry entry =
                pending.enter(caller.remoteAddress().getAddress().getHostAddress(), () -> hangUp(caller));
        caller.closeFuture().addListener(closed -> entry.leave());
        caller.pipeline().addFirst(new EndOfHandshake(entry));
        server.fireChannelRead(accepted);
    }

    private static void hangUp(Channel caller) {
        // The result of closing is irrelevant: the connection is gone in any case.
        var unused = caller.close();
    }

    /** Waits until the handshake is finished, and then removes itself from the pipeline. */
    private static final class EndOfHandshake extends ChannelInboundHandlerAdapter {
        private final PendingHandshakes.Entry entry;

        EndOfHandshake(PendingHandshakes.Entry entry) {
            this.entry = entry;
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            SslHandler tls = context.pipeline().get(SslHandler.class);
            if (tls != null) {
                tls.handshakeFuture().addListener(finished -> entry.leave());
                context.pipeline().remove(this);
            }
            context.fireChannelReadComplete();
        }
    }
}
