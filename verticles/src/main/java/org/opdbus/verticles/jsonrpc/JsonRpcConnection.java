// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.jsonrpc.JsonRpcException.Reason;
import org.opdbus.verticles.limits.ByteBudget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection, on either side; the package documentation has the contract. */
public final class JsonRpcConnection {
    private static final Logger LOG = LoggerFactory.getLogger(JsonRpcConnection.class);

    /** How long a connection that has ended waits for the other side to read what was sent. */
    private static final long LINGER_MS = 1_000;

    /**
     * When this much of the answers is unread, the connection takes no further request; a client
     * that reads catches up in a moment.
     */
    private static final long ANSWER_BYTES_AHEAD = 64 << 10;

    /**
     * The size of one read, so that little memory is used for a client that is not served at the
     * moment.
     */
    private static final int READ_BYTES = 16 << 10;

    private final Vertx vertx;
    private final NetSocket socket;
    private final JsonRpcLimits limits;
    private final JsonRpcPeer peer;
    private final ByteBudget.Share share;
    private final ChannelConfig channel;
    private final Map<Long, Call> outstanding = new HashMap<>();

    private long nextId;
    private long messagesReceived;
    private int answering;
    private long unsentBytes;
    private long unsentAnswerBytes;
    private boolean isBusy;
    private boolean isReading;
    private boolean isSocketPaused;
    /** Null once the connection has ended: its share is released at once, however long closing takes. */
    private @Nullable MessageReader reader;

    private @Nullable JsonRpcException ended;

    private record Call(String method, Promise<Object> promise, long timer) {}

    /** Takes over a connected socket, on its context and before anything was read from it. */
    public JsonRpcConnection(JsonRpcSettings settings, NetSocket socket, JsonRpcPeer peer) {
        vertx = settings.vertx();
        limits = settings.limits();
        this.socket = socket;
        this.peer = peer;
        Context context = vertx.getOrCreateContext();
        share = settings.budget().open(() -> context.runOnContext(now -> end(overloaded())));
        reader = settings.reader(share);
        channel = ((NetSocketInternal) socket).channelHandlerContext().channel().config();
        channel.setRecvByteBufAllocator(new FixedRecvByteBufAllocator(READ_BYTES).maxMessagesPerRead(1));
        socket.handler(this::read);
        socket.exceptionHandler(e -> end(new JsonRpcException(Reason.CLOSED, "the connection failed: " + e, e)));
        socket.closeHandler(v -> end(new JsonRpcException(Reason.CLOSED, "the other side closed the connection")));
    }

    /**
     * Sends a request and waits for its answer. The future fails with a {@link JsonRpcException};
     * it always completes within the limit.
     */
    public Future<Object> call(String method, JsonArray params, Duration limit) {
        if (ended != null) {
            return Future.failedFuture(ended);
        }
        if (outstanding.size() >= limits.outstandingMax()) {
            return Future.failedFuture(new JsonRpcException(
                    Reason.OVERLOADED, method + " was not sent: " + outstanding.size() + " calls wait for answers"));
        }
        long id = nextId++;
        Promise<Object> promise = Promise.promise();
        long timer = vertx.setTimer(Math.max(1, limit.toMillis()), t -> expire(id, limit));
        outstanding.put(id, new Call(method, promise, timer));
        send(new JsonObject().put("id", id).put("method", method).put("params", params), false);
        return promise.future();
    }

    /** Sends a notification; if that fails the connection ends. */
    public void notify(String method, JsonArray params) {
        send(new JsonObject().putNull("id").put("method", method).put("params", params), false);
    }

    /** Returns how many messages have arrived so far, for an inactivity probe. */
    public long messagesReceived() {
        return messagesReceived;
    }

    /** Returns how many bytes the other side has not read yet. */
    public long unsentBytes() {
        return unsentBytes;
    }

    /**
     * Returns the share that counts what is held for the other side. The code that answers it may
     * count there what it must keep.
     */
    public ByteBudget.Share share() {
        return share;
    }

    /** Ends the connection for a reason of this side. */
    public void close(String why) {
        end(new JsonRpcException(Reason.CLOSED, why));
    }

    private void read(Buffer chunk) {
        MessageReader open = reader;
        if (open != null) {
            try {
                open.feed(chunk);
            } catch (JsonRpcException e) {
                end(e);
            }
            handle();
        }
    }

    /** Handles the received data, message by message, while nothing requires it to wait. */
    private void handle() {
        isReading = true;
        try {
            boolean isMore = true;
            for (MessageReader open = reader; isMore && !isBusy && open != null; open = reader) {
                Optional<JsonObject> message = open.next();
                message.ifPresent(this::received);
                isMore = message.isPresent();
            }
        } catch (JsonRpcException e) {
            end(e);
        } catch (RuntimeException e) {
            // The messages after this one would be lost, so it is better to reconnect.
            LOG.error("a message could not be handled; closing its connection", e);
            end(new JsonRpcException(Reason.MALFORMED, "a message could not be handled: " + e, e));
        } finally {
            isReading = false;
        }
        pace();
    }

    private void pace() {
        if (isBusy == isSocketPaused || ended != null) {
            return;
        }
        isSocketPaused = isBusy;
        if (isBusy) {
            socket.pause();
            if (limits.outstandingMax() == 1 || unsentAnswerBytes > ANSWER_BYTES_AHEAD) {
                // Vert.x itself would read on for a while and keep the data, and without a limit if reading is
                // switched on below while Vert.x has switched it off. The answer notices the end of the other side.
                channel.setAutoRead(false);
            }
        } else {
            channel.setAutoRead(true);
            socket.resume();
        }
    }

    private void received(JsonObject message) {
        if (ended != null) {
            return;
        }
        messagesReceived++;
        Object id = message.getValue("id");
        if (message.getValue("method") instanceof String method) {
            JsonArray params = message.getValue("params") instanceof JsonArray array ? array : new JsonArray();
            if (id == null) {
                peer.notified(method, params);
            } else {
                requested(id, method, params);
            }
        } else if (id != null) {
            answered(id, message);
        } else {
            throw new JsonRpcException(Reason.MALFORMED, "a message has neither a method nor an id");
        }
    }

    private void requested(Object id, String method, JsonArray params) {
        if (method.equals("echo")) {
            answer(id, params, null);
            return;
        }
        answering++;
        throttle();
        peer.requested(method, params).onComplete(outcome -> {
            answering--;
            answer(id, outcome.result(), outcome.cause());
        });
    }

    private void answer(Object id, @Nullable Object result, @Nullable Throwable failure) {
        if (failure == null && result instanceof EncodedJson encoded) {
            send(encoded.asAnswer(id), true);
        } else {
            JsonObject message = new JsonObject().put("id", id);
            if (failure == null) {
                message.put("result", result).putNull("error");
            } else {
                Object error = failure instanceof JsonRpcException e ? e.error() : String.valueOf(failure.getMessage());
                message.putNull("result").put("error", error);
            }
            send(message, true);
        }
        throttle();
    }

    private void answered(Object id, JsonObject message) {
        Call call = id instanceof Number number ? outstanding.remove(number.longValue()) : null;
        if (call == null) {
            LOG.debug("an answer came too late or matches no request: id={}", id);
            return;
        }
        vertx.cancelTimer(call.timer);
        Object error = message.getValue("error");
        Object result = message.getValue("result");
        if (error != null) {
            call.promise.fail(JsonRpcException.answered(call.method + " was answered with an error: " + error, error));
        } else if (result != null) {
            call.promise.complete(result);
        } else {
            call.promise.fail(new JsonRpcException(
                    Reason.MALFORMED, call.method + " was answered with neither a result nor an error"));
        }
    }

    private void expire(long id, Duration limit) {
        Call call = outstanding.remove(id);
        if (call != null) {
            call.promise.fail(new JsonRpcException(
                    Reason.TIMED_OUT, call.method + " was not answered within " + limit.toMillis() + " ms"));
        }
    }

    private void send(JsonObject message, boolean isAnswer) {
        if (ended == null) {
            send(message.toBuffer(), isAnswer);
        }
    }

    private void send(Buffer message, boolean isAnswer) {
        if (ended != null) {
            return;
        }
        if (unsentBytes > limits.unsentBytesMax()) {
            end(new JsonRpcException(Reason.OVERLOADED, "the other side leaves " + unsentBytes + " bytes unread"));
            return;
        }
        // No delimiter is needed; the line feed is for people and tools that read line by line.
        Buffer bytes = message.appendByte((byte) '\n');
        int length = bytes.length();
        if (!share.take(length)) {
            end(overloaded());
            return;
        }
        unsentBytes += length;
        unsentAnswerBytes += isAnswer ? length : 0;
        socket.write(bytes).onComplete(written -> {
            share.give(length);
            unsentBytes -= length;
            unsentAnswerBytes -= isAnswer ? length : 0;
            afterWrite(written);
        });
    }

    private JsonRpcException overloaded() {
        return new JsonRpcException(
                Reason.OVERLOADED,
                "all connections together hold too much, and this one holds most: " + unsentBytes
                        + " bytes are unread");
    }

    private void afterWrite(AsyncResult<Void> written) {
        if (written.failed()) {
            Throwable cause = written.cause();
            end(new JsonRpcException(Reason.CLOSED, "sending failed: " + cause, cause));
        } else {
            throttle();
        }
    }

    /**
     * Takes no further request, including those that were received already, while too many are
     * being processed or the other side does not read its answers. Messages that this side began do
     * not count: otherwise two sides that both stopped reading for them would wait for each other.
     */
    private void throttle() {
        isBusy = answering >= limits.outstandingMax() || unsentAnswerBytes > ANSWER_BYTES_AHEAD;
        if (!isReading && isBusy != isSocketPaused && ended == null) {
            handle();
        }
    }

    private void end(JsonRpcException why) {
        if (ended != null) {
            return;
        }
        ended = why;
        reader = null;
        List<Call> unanswered = new ArrayList<>(outstanding.values());
        outstanding.clear();
        closeSocket(why.reason() == Reason.OVERLOADED ? 1 : LINGER_MS);
        for (Call call : unanswered) {
            vertx.cancelTimer(call.timer);
            call.promise.fail(
                    new JsonRpcException(Reason.CLOSED, call.method + " was not answered: " + why.getMessage(), why));
        }
        peer.ended(why);
    }

    /**
     * Closes once the other side has read everything, or at the latest after this time. Vert.x's
     * own close waits for that without a limit, so a side that never reads would keep its socket
     * and all that was written to it.
     */
    private void closeSocket(long lingerMs) {
        ChannelHandlerContext channel = ((NetSocketInternal) socket).channelHandlerContext();
        long abort = vertx.setTimer(
                lingerMs,
                t -> LOG.debug("the other side reads nothing; cutting the connection: " + "{}", channel.close()));
        socket.close().onComplete(closed -> {
            share.close();
            vertx.cancelTimer(abort);
            if (closed.failed()) {
                LOG.debug("closing a connection failed: {}", closed.cause().toString());
            }
        });
    }
}
