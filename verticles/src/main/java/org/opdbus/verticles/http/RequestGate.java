// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.limits.Pace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before the HTTP codec of one connection and passes one request at a time: it reads nothing
 * while an answer is in progress, or while the caller has not read all of it. Without it the codec
 * would make objects of every request that a caller sends at once, and answers would pile up for a
 * caller that reads none of them. It also limits the time that a caller may be idle, send and read.
 * For the connection's event loop.
 */
final class RequestGate extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(RequestGate.class);
    /** Only a few reads come while reading is off. */
    private static final int HELD_BYTES_MAX = 64 << 10;

    private final RequestLimits limits;
    private final Pace pace;
    private final RequestEnd requestEnd = new RequestEnd();
    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf held;
    private @Nullable Future<?> nextLook;
    private @Nullable Future<?> nextRequest;
    private Phase phase = Phase.WAITING;
    private long since = System.nanoTime();

    private enum Phase {
        WAITING,
        RECEIVING,
        ANSWERING,
        STREAMING
    }

    /**
     * A gate for one connection.
     *
     * @param pace of the requests behind the first of a connection, on all connections of the event loop
     */
    RequestGate(RequestLimits limits, Pace pace) {
        this.limits = limits;
        this.pace = pace;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        enforce(added);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        context = null;
        // Otherwise they would keep all data of a closed connection until then.
        cancel(nextLook);
        cancel(nextRequest);
        ByteBuf unread = held;
        held = null;
        if (unread != null) {
            unread.release();
        }
    }

    private static void cancel(@Nullable Future<?> task) {
        if (task != null) {
            task.cancel(false);
        }
    }

    /** Closes the connection as soon as a limit has passed; looks again when the present limit ends. */
    private void enforce(ChannelHandlerContext gate) {
        if (phase == Phase.STREAMING) {
            return;
        }
        long leftNs = limit().toNanos() - age();
        if (leftNs <= 0) {
            end(gate);
        } else if (gate.channel().isOpen() && !gate.isRemoved()) {
            nextLook =
                    gate.executor().schedule(() -> enforce(gate), Math.min(leftNs, shortest()), TimeUnit.NANOSECONDS);
        }
    }

    private Duration limit() {
        return switch (phase) {
            case WAITING -> limits.idle();
            case RECEIVING -> limits.request();
            case ANSWERING, STREAMING -> limits.answer();
        };
    }

    /** A phase that begins between two looks must not exceed its limit by more than this. */
    private long shortest() {
        return Math.min(limits.request().toNanos(), limits.answer().toNanos());
    }

    /** Returns how long the present phase has lasted, in nanoseconds. */
    long age() {
        return System.nanoTime() - since;
    }

    boolean isAnswering() {
        return phase == Phase.ANSWERING;
    }

    /** Closes the connection without waiting for the caller to read what was sent. */
    void close() {
        ChannelHandlerContext gate = context;
        if (gate != null) {
            end(gate);
        }
    }

    /** Ends the connection, whose answer the caller has read; what the caller still sends is dropped. */
    void endAfterAnswer() {
        ChannelHandlerContext gate = context;
        if (gate != null) {
            gate.pipeline().addBefore(gate.name(), "connectionEnd", new ConnectionEnd());
        }
    }

    /** Leaves the connection open without limits, and passes on what has come. */
    void leave() {
        ChannelHandlerContext gate = context;
        if (gate == null) {
            return;
        }
        ByteBuf waiting = held;
        held = null;
        if (waiting != null) {
            // From here on, because what stands before this gate has passed it already.
            gate.fireChannelRead(waiting);
            gate.fireChannelReadComplete();
        }
        gate.pipeline().remove(this);
        gate.channel().config().setAutoRead(true);
    }

    /**
     * Lets the present answer go on without a limit of time. The caller has nothing more to say: it is disconnected if it sends
     * anything. Its end is noticed at once, because the connection is read.
     */
    void stream() {
        ChannelHandlerContext gate = context;
        if (gate != null && phase == Phase.ANSWERING) {
            enter(Phase.STREAMING);
            if (held != null) {
                end(gate);
            } else {
                gate.channel().config().setAutoRead(true);
            }
        }
    }

    private static void end(ChannelHandlerContext gate) {
        gate.close().addListener(closed -> {
            if (!closed.isSuccess()) {
                LOG.debug("closing a connection failed: {}", closed.cause().toString());
            }
        });
    }

    private void enter(Phase next) {
        phase = next;
        since = System.nanoTime();
    }

    @Override
    public void channelRead(ChannelHandlerContext gate, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (phase == Phase.STREAMING) {
            bytes.release();
            end(gate);
            return;
        }
        ByteBuf earlier = held;
        if (earlier == null && phase != Phase.ANSWERING) {
            pass(gate, bytes);
            return;
        }
        ByteBuf all = earlier == null
                ? bytes
                : gate.alloc().compositeBuffer(2).addComponent(true, earlier).addComponent(true, bytes);
        held = all;
        // The codec behind this gate may have switched reading on, and the next request may have to wait for a while.
        gate.channel().config().setAutoRead(false);
        if (all.readableBytes() > HELD_BYTES_MAX) {
            end(gate);
        }
    }

    /** Passes on what belongs to the present request and holds back the rest. */
    private void pass(ChannelHandlerContext gate, ByteBuf bytes) {
        int end = requestEnd.find(bytes);
        if (end < 0) {
            if (phase == Phase.WAITING && requestEnd.hasBegun()) {
                enter(Phase.RECEIVING);
            }
            gate.fireChannelRead(bytes);
            return;
        }
        enter(Phase.ANSWERING);
        gate.channel().config().setAutoRead(false);
        ByteBuf request = bytes.readRetainedSlice(end - bytes.readerIndex());
        if (bytes.isReadable()) {
            held = bytes;
        } else {
            bytes.release();
        }
        gate.fireChannelRead(request);
    }

    /**
     * Admits the next request, because the caller has read the whole answer. On the connection's
     * event loop.
     */
    void answered() {
        ChannelHandlerContext gate = context;
        if (gate != null) {
            // Runs as a separate task: requests that arrived at once would otherwise be answered each inside the one
            // before.
            long waitNs = pace.take(System.nanoTime());
            if (waitNs == 0) {
                gate.executor().execute(() -> next(gate));
            } else {
                nextRequest = gate.executor().schedule(() -> next(gate), waitNs, TimeUnit.NANOSECONDS);
            }
        }
    }

    private void next(ChannelHandlerContext gate) {
        if (gate.isRemoved() || phase != Phase.ANSWERING) {
            return;
        }
        enter(Phase.WAITING);
        ByteBuf waiting = held;
        held = null;
        if (waiting != null) {
            pass(gate, waiting);
            gate.fireChannelReadComplete();
        }
        if (phase != Phase.ANSWERING) {
            gate.channel().config().setAutoRead(true);
        }
    }
}
