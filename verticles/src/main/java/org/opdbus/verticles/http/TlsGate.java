// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.limits.Pace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before {@link RequestGate} where HTTP is encrypted, until the first bytes of a connection come; then the encryption takes its
 * place. It holds a handshake back while there are too many of them, because each costs the server a signature. A caller that speaks
 * without encryption is told so. For the connection's event loop.
 */
final class TlsGate extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(TlsGate.class);
    private static final int HANDSHAKE = 22;
    private static final int HELD_BYTES_MAX = 64 << 10;
    private static final long WAIT_NS_MAX = TimeUnit.SECONDS.toNanos(1);
    private static final String HINT = "this address speaks HTTPS: ask by https://\n";
    private static final byte[] NOT_ENCRYPTED = ("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n"
                    + "Content-Type: text/plain; charset=utf-8\r\nContent-Length: " + HINT.length() + "\r\n\r\n" + HINT)
            .getBytes(StandardCharsets.US_ASCII);

    private final Supplier<SslHandler> encryption;
    private final Pace handshakes;
    private @Nullable ByteBuf held;
    private @Nullable Future<?> turn;
    /** The connection waits for its turn or for its end. */
    private boolean isWaiting;

    /**
     * A gate for one connection.
     *
     * @param handshakes of all connections of the event loop
     */
    TlsGate(Supplier<SslHandler> encryption, Pace handshakes) {
        this.encryption = encryption;
        this.handshakes = handshakes;
    }

    @Override
    public void channelRead(ChannelHandlerContext gate, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        ByteBuf earlier = held;
        ByteBuf all = earlier == null
                ? bytes
                : gate.alloc().compositeBuffer(2).addComponent(true, earlier).addComponent(true, bytes);
        held = all;
        if (isWaiting || !all.isReadable()) {
            if (all.readableBytes() > HELD_BYTES_MAX) {
                end(gate);
            }
        } else if (all.getUnsignedByte(all.readerIndex()) != HANDSHAKE) {
            isWaiting = true;
            gate.writeAndFlush(Unpooled.wrappedBuffer(NOT_ENCRYPTED)).addListener(ChannelFutureListener.CLOSE);
        } else {
            await(gate);
        }
    }

    private void await(ChannelHandlerContext gate) {
        long nowNs = System.nanoTime();
        long waitNs = handshakes.waitNs(nowNs);
        if (waitNs > WAIT_NS_MAX) {
            end(gate);
            return;
        }
        handshakes.take(nowNs);
        if (waitNs == 0) {
            begin(gate);
        } else {
            isWaiting = true;
            gate.channel().config().setAutoRead(false);
            turn = gate.executor().schedule(() -> begin(gate), waitNs, TimeUnit.NANOSECONDS);
        }
    }

    private static void end(ChannelHandlerContext gate) {
        gate.close().addListener(closed -> {
            if (!closed.isSuccess()) {
                LOG.debug("closing a connection failed: {}", closed.cause().toString());
            }
        });
    }

    private void begin(ChannelHandlerContext gate) {
        if (gate.isRemoved()) {
            return;
        }
        ByteBuf first = held;
        held = null;
        gate.pipeline().replace(this, "tls", encryption.get());
        if (first != null) {
            // The encryption is the first of the pipeline now.
            gate.pipeline().fireChannelRead(first).fireChannelReadComplete();
        }
        if (isWaiting) {
            gate.channel().config().setAutoRead(true);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        Future<?> planned = turn;
        if (planned != null) {
            planned.cancel(false);
        }
        ByteBuf unread = held;
        held = null;
        if (unread != null) {
            unread.release();
        }
    }
}
