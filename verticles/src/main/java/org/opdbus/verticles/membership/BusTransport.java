// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.transport.Transport;
import java.util.List;
import org.opdbus.verticles.membership.tls.PendingHandshakes;

/**
 * The transport of the clustered Vert.x instance: the platform's, with a limit on the connections whose TLS handshake
 * is not finished. Vert.x itself limits only the duration of a handshake, and has no option that limits the
 * connections of the bus's server. The only server of that instance is the bus.
 */
final class BusTransport implements Transport {
    private final PendingHandshakes pending = new PendingHandshakes();

    @Override
    public String name() {
        return "nio";
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public Throwable unavailabilityCause() {
        return new IllegalStateException("this transport is always available");
    }

    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
        return new Limited(Transport.NIO.implementation(), pending);
    }

    private record Limited(io.vertx.core.spi.transport.Transport platform, PendingHandshakes pending)
            implements io.vertx.core.spi.transport.Transport {
        @Override
        public IoHandlerFactory ioHandlerFactory() {
            return platform.ioHandlerFactory();
        }

        @Override
        public DatagramChannel datagramChannel() {
            return platform.datagramChannel();
        }

        @Override
        @SuppressWarnings("deprecation") // Vert.x's own interface uses the type that Netty has replaced.
        public DatagramChannel datagramChannel(InternetProtocolFamily family) {
            return platform.datagramChannel(family);
        }

        @Override
        public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
            return platform.channelFactory(domainSocket);
        }

        @Override
        public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
            return domainSocket ? platform.serverChannelFactory(true) : () -> new Listening(pending);
        }
    }

    private static final class Listening extends NioServerSocketChannel {
        private final PendingHandshakes pending;

        Listening(PendingHandshakes pending) {
            this.pending = pending;
        }

        @Override
        protected int doReadMessages(List<Object> accepted) throws Exception {
            int count = super.doReadMessages(accepted);
            if (count > 0 && accepted.get(accepted.size() - 1) instanceof NioSocketChannel caller) {
                PendingHandshakes.Entry entry =
                        pending.enter(caller.remoteAddress().getAddress().getHostAddress(), () -> hangUp(caller));
                caller.closeFuture().addListener(closed -> entry.leave());
                caller.pipeline().addFirst(new EndOfHandshake(entry));
            }
            return count;
        }

        private static void hangUp(NioSocketChannel caller) {
            // The result of closing is irrelevant: the connection is gone in any case.
            var unused = caller.close();
        }
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
