// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wire;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.dbus.wire.BusMessage.Kind;

/**
 * A connection to a message bus. All methods, and all calls of the listener, are on the event loop that opened it.
 *
 * <p>The bus checks every message before it passes it on, and fills in who sent it. If the bus does not read, the connection
 * stops reading, too; after a minute of that, or with more than {@link #UNSENT_BYTES_MAX} unsent, it ends. It never connects again by itself.
 */
public final class BusConnection {
    static final long UNSENT_BYTES_MAX = 16 << 20;
    private static final int CALLS_MAX = 1_024;
    private static final Duration GREETING_LIMIT = Duration.ofSeconds(20);
    /** A bus under attack takes seconds to read what waits; one that has not read for so long never will. */
    private static final Duration UNREAD_LIMIT = Duration.ofSeconds(60);

    private static final ObjectPath BUS_PATH = new ObjectPath("/org/freedesktop/DBus");
    private static final String BUS = "org.freedesktop.DBus";

    /** Takes what comes. */
    public interface Listener {
        /** A program calls a method. */
        void called(BusMessage call);

        /** A program called a method, with more bytes than are read. The header says which. */
        void calledTooLong(BusMessage header, long bytes);

        /** A signal came that this connection asked for, or that was sent to it. */
        void signalled(BusMessage signal);

        /** The connection has ended; called once. */
        void ended(String why);
    }

    private final Vertx vertx;
    private final NetClient client;
    private final NetSocket socket;
    private final Listener listener;
    private final Map<Integer, Waiting> calls = new HashMap<>();
    private final MessageDecoder decoder = new MessageDecoder(new Sorting());
    private final Promise<BusMessage> greeting = Promise.promise();
    private final Greeting handshake;
    private int lastSerial;
    private long unsentBytes;
    private Duration unreadLimit = UNREAD_LIMIT;
    private long written;
    private boolean isWatched;
    /** Whether the greeting has succeeded; the listener hears of the end only then. */
    private boolean isOpen;

    private boolean hasEnded;
    private String uniqueName = "";

    private record Waiting(Promise<BusMessage> answer, long timer) {}

    private BusConnection(Vertx vertx, NetClient client, NetSocket socket, Listener listener) {
        this.vertx = vertx;
        this.client = client;
        this.socket = socket;
        this.listener = listener;
        handshake = new Greeting(socket);
    }

    /**
     * Connects, lets the bus ask the kernel who this process is, and gets a unique name.
     *
     * @return fails if there is no bus, or it does not answer in time; the listener hears nothing then
     */
    public static Future<BusConnection> open(Vertx vertx, SocketAddress bus, Listener listener) {
        return open(vertx, bus, listener, UNREAD_LIMIT);
    }

    /**
     * Connects as {@link #open(Vertx, SocketAddress, Listener)} does, and ends the connection when the bus has read nothing for
     * this time.
     */
    static Future<BusConnection> open(Vertx vertx, SocketAddress bus, Listener listener, Duration unreadLimit) {
        NetClient client = vertx.createNetClient();
        return client.connect(bus)
                .compose(socket -> {
                    BusConnection made = new BusConnection(vertx, client, socket, listener);
                    made.unreadLimit = unreadLimit;
                    return made.begin().map(made);
                })
                .onFailure(failure -> client.close());
    }

    private Future<Void> begin() {
        socket.handler(this::read);
        socket.exceptionHandler(failure -> end("the connection failed: " + failure.getMessage()));
        socket.closeHandler(closed -> end("the bus closed the connection"));
        long timer = vertx.setTimer(GREETING_LIMIT.toMillis(), late -> end("the bus does not answer"));
        handshake.begin();
        return greeting.future().onComplete(done -> vertx.cancelTimer(timer)).map(hello -> {
            uniqueName = hello.firstText().orElse("");
            isOpen = true;
            return (Void) null;
        });
    }

    private void read(Buffer bytes) {
        if (hasEnded) {
            return;
        }
        try {
            if (handshake.isDone()) {
                decoder.read(bytes.getBytes());
                return;
            }
            Optional<Buffer> rest = handshake.read(bytes);
            if (rest.isPresent()) {
                call(BusMessage.call(bus("Hello"), Body.EMPTY), GREETING_LIMIT).onComplete(greeting);
                decoder.read(rest.get().getBytes());
            }
        } catch (MalformedMessageException e) {
            end("the bus sent what is no message: " + e.getMessage());
        }
    }

    /** Returns the address of a method of the bus itself. */
    public static MemberAddress bus(String method) {
        return new MemberAddress(BUS, BUS_PATH, BUS, method);
    }

    /** Returns the name that the bus has given to this connection. */
    public String uniqueName() {
        return uniqueName;
    }

    /** Returns whether the bus has much to read, so that a sender that can wait should. */
    public boolean isBusy() {
        return socket.writeQueueFull();
    }

    /**
     * Calls a method and waits for the answer.
     *
     * @return fails with {@link BusErrorException} with the error of the answer, or {@code NoReply} after the limit or when the
     *     connection ends
     */
    public Future<BusMessage> call(BusMessage call, Duration limit) {
        if (hasEnded) {
            return Future.failedFuture(noReply("the connection to the bus has ended"));
        }
        if (calls.size() >= CALLS_MAX) {
            return Future.failedFuture(
                    BusErrorException.standard("LimitsExceeded", calls.size() + " calls wait for an answer"));
        }
        Promise<BusMessage> answer = Promise.promise();
        int serial = nextSerial();
        long timer = vertx.setTimer(
                Math.max(1, limit.toMillis()),
                late -> settle(serial)
                        .ifPresent(waiting ->
                                waiting.answer().fail(noReply("there was no answer in " + limit.toMillis() + " ms"))));
        calls.put(serial, new Waiting(answer, timer));
        write(MessageEncoder.encode(call, serial));
        return answer.future();
    }

    /** Sends an answer or a signal. If that fails the connection ends. */
    public void send(BusMessage message) {
        if (!hasEnded) {
            write(MessageEncoder.encode(message, nextSerial()));
        }
    }

    /** Ends the connection. The listener is told. */
    public void close() {
        end("closed");
    }

    private static BusErrorException noReply(String why) {
        return BusErrorException.standard("NoReply", why);
    }

    private int nextSerial() {
        lastSerial++;
        if (lastSerial == 0) {
            lastSerial = 1;
        }
        return lastSerial;
    }

    private void write(byte[] bytes) {
        unsentBytes += bytes.length;
        if (unsentBytes > UNSENT_BYTES_MAX) {
            end("the bus does not read");
            return;
        }
        socket.write(Buffer.buffer(bytes)).onComplete(sent -> {
            unsentBytes -= bytes.length;
            written++;
            if (sent.failed()) {
                end("sending failed: " + sent.cause().getMessage());
            }
        });
        watchProgress();
        if (socket.writeQueueFull()) {
            socket.pause();
            socket.drainHandler(drained -> socket.resume());
        }
    }

    /** Ends the connection if something waits to be sent and nothing was sent for long. */
    private void watchProgress() {
        if (isWatched || unsentBytes == 0 || hasEnded) {
            return;
        }
        isWatched = true;
        long before = written;
        vertx.setTimer(unreadLimit.toMillis(), late -> {
            isWatched = false;
            if (unsentBytes > 0 && written == before) {
                end("the bus has not read for " + unreadLimit.toSeconds() + " s");
            } else {
                watchProgress();
            }
        });
    }

    private Optional<Waiting> settle(int serial) {
        Optional<Waiting> waiting = Optional.ofNullable(calls.remove(serial));
        waiting.ifPresent(found -> vertx.cancelTimer(found.timer()));
        return waiting;
    }

    private void end(String why) {
        if (hasEnded) {
            return;
        }
        hasEnded = true;
        List.copyOf(calls.keySet())
                .forEach(
                        serial -> settle(serial).ifPresent(call -> call.answer().fail(noReply(why))));
        socket.close();
        client.close();
        // The failed call may have ended the greeting already.
        greeting.tryFail(why);
        if (isOpen) {
            listener.ended(why);
        }
    }

    /** Tells calls, answers and signals apart. */
    private final class Sorting implements MessageDecoder.Receiver {
        @Override
        public void received(BusMessage message) {
            switch (message.kind()) {
                case CALL -> listener.called(message);
                case SIGNAL -> listener.signalled(message);
                case REPLY, ERROR -> settle(message.replySerial()).ifPresent(waiting -> answer(waiting, message));
            }
        }

        @Override
        public void tooLong(BusMessage header, long bytes) {
            switch (header.kind()) {
                case CALL -> listener.calledTooLong(header, bytes);
                case REPLY, ERROR ->
                    settle(header.replySerial())
                            .ifPresent(waiting -> waiting.answer()
                                    .fail(BusErrorException.standard(
                                            "LimitsExceeded", "the answer has " + bytes + " bytes")));
                case SIGNAL -> {
                    // No signal that this connection asks for is that long.
                }
            }
        }

        private void answer(Waiting waiting, BusMessage message) {
            if (message.kind() == Kind.REPLY) {
                waiting.answer().complete(message);
                return;
            }
            waiting.answer()
                    .fail(new BusErrorException(
                            message.errorName().orElse("org.freedesktop.DBus.Error.Failed"),
                            message.firstText().orElse("")));
        }
    }
}
