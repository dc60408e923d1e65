// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.limits.ByteBudget;
import org.opdbus.verticles.limits.Pace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connected callers. When all places are taken, the caller that has held its place longest
 * without need gives it to the next, so that callers that only hold connections exclude no other
 * caller. For one event loop.
 */
final class Callers {
    private static final Logger LOG = LoggerFactory.getLogger(Callers.class);

    static final int CALLERS_MAX = 64;
    /**
     * The size of one read; a larger read would only be held until the requests before it are
     * answered.
     */
    private static final int READ_BYTES = 4_096;
    /**
     * A caller must read its answer in this time; afterwards it can lose its place to another
     * caller.
     */
    private static final Duration UNDISTURBED = Duration.ofSeconds(1);

    private static final RequestLimits LIMITS =
            new RequestLimits(Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(10));
    private static final byte[] NO_PLACE =
            "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    /** For callers that pipeline requests without end: all together they get so many answers in a second. */
    private static final int REQUESTS_PER_SECOND = 1_000;

    private static final int REQUESTS_AT_ONCE = 100;

    /** Each costs the server a signature. */
    private static final int HANDSHAKES_PER_SECOND = 50;

    private static final int HANDSHAKES_AT_ONCE = 100;

    private final ByteBudget budget;
    private final @Nullable Supplier<SslHandler> encryption;
    private final Pace handshakes = new Pace(HANDSHAKES_PER_SECOND, HANDSHAKES_AT_ONCE, System.nanoTime());
    private final Pace pace = new Pace(REQUESTS_PER_SECOND, REQUESTS_AT_ONCE, System.nanoTime());
    private final Map<HttpConnection, Caller> connected = new HashMap<>();

    /** One connection, and what is held for it. */
    record Caller(RequestGate gate, ByteBudget.Share share) {}

    /**
     * No callers yet.
     *
     * @param encryption makes what encrypts a connection; null for HTTP without encryption
     */
    Callers(ByteBudget budget, @Nullable Supplier<SslHandler> encryption) {
        this.budget = budget;
        this.encryption = encryption;
    }

    /**
     * Takes a new connection, or answers that there is no place for it, before anything of it is
     * read.
     */
    void admit(HttpConnection connection) {
        // The public interface of a connection does not allow its channel to read at another pace.
        ChannelHandlerContext codec = ((HttpServerConnection) connection).channelHandlerContext();
        if (connected.size() >= CALLERS_MAX && !makePlace()) {
            LOG.debug("{} callers are connected and busy; the agent refused another one", connected.size());
            refuse(codec.channel());
            return;
        }
        codec.channel()
                .config()
                .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(READ_BYTES).maxMessagesPerRead(1));
        RequestGate gate = new RequestGate(LIMITS, pace);
        Caller caller = new Caller(gate, budget.open(() -> codec.executor().execute(gate::close)));
        connected.put(connection, caller);
        connection.closeHandler(closed -> {
            connected.remove(connection, caller);
            caller.share.close();
        });
        codec.pipeline().addFirst("requestGate", gate);
        if (encryption != null) {
            codec.pipeline().addFirst("tls", new TlsGate(encryption, handshakes));
        }
    }

    @Nullable Caller of(HttpConnection connection) {
        return connected.get(connection);
    }

    /**
     * Gives a connection to the WebSocket that it has become. It has no place among the callers any more, so none of them can take
     * it. Returns its channel.
     */
    Channel leave(HttpConnection connection) {
        Caller caller = connected.remove(connection);
        if (caller != null) {
            caller.share.close();
            caller.gate.leave();
        }
        return ((HttpServerConnection) connection).channelHandlerContext().channel();
    }

    /**
     * Lets an answer on this connection go on without limits. It has no place among the callers any more. Returns what can close it;
     * null if it has no place any more.
     */
    @Nullable RequestGate stream(HttpConnection connection) {
        Caller caller = connected.remove(connection);
        if (caller == null) {
            return null;
        }
        caller.share.close();
        caller.gate.stream();
        return caller.gate;
    }

    private boolean makePlace() {
        Optional<Map.Entry<HttpConnection, Caller>> longest = connected.entrySet().stream()
                .filter(each -> !each.getValue().gate.isAnswering()
                        || each.getValue().gate.age() > UNDISTURBED.toNanos())
                .max(Comparator.comparingLong(each -> each.getValue().gate.age()));
        longest.ifPresent(leaving -> {
            // Its place is free at once, even if its end is noticed later.
            connected.remove(leaving.getKey());
            leaving.getValue().gate.close();
        });
        return longest.isPresent();
    }

    private void refuse(Channel channel) {
        if (encryption != null) {
            channel.close().addListener(closed -> LOG.debug("a refused connection is closed"));
            return;
        }
        // Written directly to the socket, because nothing of this connection must be decoded.
        channel.pipeline()
                .firstContext()
                .writeAndFlush(Unpooled.wrappedBuffer(NO_PLACE))
                .addListener(ChannelFutureListener.CLOSE);
    }
}
