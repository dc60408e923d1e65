// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.limits;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.transport.Transport;

/**
 * Java's own transport with one change: its servers hold no more connections than their accept
 * backlog ({@link NetServerOptions#setAcceptBacklog}), which every server of the agent sets for
 * that purpose.
 */
public final class LimitedTransport implements Transport {
    private static final String NAME = "limited";
    private static final Transport NIO = io.vertx.core.transport.Transport.NIO.implementation();

    private LimitedTransport() {}

    /** Creates the transport for a builder of Vert.x. */
    public static io.vertx.core.transport.Transport create() {
        return new Named(new LimitedTransport());
    }

    private record Named(Transport implementation) implements io.vertx.core.transport.Transport {
        @Override
        public String name() {
            return NAME;
        }

        @Override
        public boolean available() {
            return implementation.isAvailable();
        }

        @Override
        public Throwable unavailabilityCause() {
            return implementation.unavailabilityCause();
        }
    }

    @Override
    public void configure(NetServerOptions options, boolean isDomainSocket, ServerBootstrap bootstrap) {
        NIO.configure(options, isDomainSocket, bootstrap);
        int connectionsMax = options.getAcceptBacklog();
        if (connectionsMax > 0) {
            bootstrap.handler(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel server) {
                    server.pipeline().addLast(new ConnectionLimit(connectionsMax));
                }
            });
        }
    }

    @Override
    public boolean supportsDomainSockets() {
        return NIO.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
        return NIO.supportFileRegion();
    }

    @Override
    public boolean isAvailable() {
        return NIO.isAvailable();
    }

    @Override
    public Throwable unavailabilityCause() {
        return NIO.unavailabilityCause();
    }

    @Override
    public java.net.SocketAddress convert(SocketAddress address) {
        return NIO.convert(address);
    }

    @Override
    public SocketAddress convert(java.net.SocketAddress address) {
        return NIO.convert(address);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return NIO.ioHandlerFactory();
    }

    @Override
    public DatagramChannel datagramChannel() {
        return NIO.datagramChannel();
    }

    // Deprecated, but the interface still has it.
    @SuppressWarnings("deprecation")
    @Override
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return NIO.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean isDomainSocket) {
        return NIO.channelFactory(isDomainSocket);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean isDomainSocket) {
        return NIO.serverChannelFactory(isDomainSocket);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        NIO.configure(channel, options);
    }

    @Override
    public void configure(
            ClientOptionsBase options, int connectTimeoutMs, boolean isDomainSocket, Bootstrap bootstrap) {
        NIO.configure(options, connectTimeoutMs, isDomainSocket, bootstrap);
    }
}
