// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.limits;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
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
import java.util.function.Function;

/** Java's own transport with one change: a handler limits the connections of each server where they are accepted. */
public final class LimitedTransport implements Transport {
    private static final String NAME = "limited";
    private static final Transport NIO = io.vertx.core.transport.Transport.NIO.implementation();

    private final Function<NetServerOptions, ChannelHandler> limit;

    private LimitedTransport(Function<NetServerOptions, ChannelHandler> limit) {
        this.limit = limit;
    }

    /**
     * Creates a transport whose servers hold no more connections than their accept backlog ({@link
     * NetServerOptions#setAcceptBacklog}), which every server of the agent sets for that purpose.
     */
    public static io.vertx.core.transport.Transport create() {
        return create(options ->
                new ConnectionLimit(options.getAcceptBacklog() > 0 ? options.getAcceptBacklog() : Integer.MAX_VALUE));
    }

    /**
     * Creates a transport for a builder of Vert.x.
     *
     * @param limit makes the handler of a server, which gets each accepted connection as a message and passes it on, or
     * closes it
     */
    public static io.vertx.core.transport.Transport create(Function<NetServerOptions, ChannelHandler> limit) {
        return new Named(new LimitedTransport(limit));
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
        bootstrap.handler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel server) {
                server.pipeline().addLast(limit.apply(options));
            }
        });
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
