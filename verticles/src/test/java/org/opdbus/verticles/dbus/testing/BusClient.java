// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.testing;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.opdbus.verticles.dbus.wire.Body;
import org.opdbus.verticles.dbus.wire.BusConnection;
import org.opdbus.verticles.dbus.wire.BusMessage;
import org.opdbus.verticles.dbus.wire.MemberAddress;
import org.opdbus.verticles.testing.BusWatcher;

/** A connection of the test's own process, on an event loop of its own. Its methods wait; call none of them on an event loop. */
public final class BusClient implements AutoCloseable {
    private static final Duration LIMIT = BusWatcher.GENEROUS;

    private final Context loop;
    private final BusConnection connection;

    /** Connects a client that ignores calls and signals. */
    public BusClient(Vertx vertx, SocketAddress bus) {
        this(vertx, bus, (own, message) -> {});
    }

    /** Takes calls and signals, on the client's event loop. */
    @FunctionalInterface
    public interface Taker {
        /**
         * Takes one.
         *
         * @param own the connection, to send an answer
         */
        void take(BusConnection own, BusMessage message);
    }

    /** Connects a client that takes calls and signals. */
    public BusClient(Vertx vertx, SocketAddress bus, Taker taker) {
        loop = vertx.getOrCreateContext();
        CompletableFuture<BusConnection> opened = new CompletableFuture<>();
        BusConnection.Listener listener = listener(message -> taker.take(opened.join(), message));
        loop.runOnContext(start ->
                BusConnection.open(vertx, bus, listener).onComplete(opened::complete, opened::completeExceptionally));
        connection = await(opened);
    }

    private static BusConnection.Listener listener(Consumer<BusMessage> taker) {
        return new BusConnection.Listener() {
            @Override
            public void called(BusMessage call) {
                taker.accept(call);
            }

            @Override
            public void calledTooLong(BusMessage header, long bytes) {
                throw new AssertionError("no test sends so much to its own client");
            }

            @Override
            public void signalled(BusMessage signal) {
                taker.accept(signal);
            }

            @Override
            public void ended(String why) {
                // Calls that wait fail.
            }
        };
    }

    /** Returns the connection, for use on the event loop. */
    public BusConnection connection() {
        return connection;
    }

    /** Returns the unique name. */
    public String name() {
        return connection.uniqueName();
    }

    /** Does something on the client's event loop and returns the result. */
    public <T> T onLoop(Supplier<Future<T>> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.runOnContext(start -> work.get().onComplete(done::complete, done::completeExceptionally));
        return await(done);
    }

    /** Calls a method and returns the results; fails with the error of the answer. */
    public List<Object> call(MemberAddress method, Body arguments) {
        return onLoop(() -> connection.call(BusMessage.call(method, arguments), LIMIT))
                .body()
                .values();
    }

    /** Takes a name, which no other program has. */
    public void own(String name) {
        List<Object> answer = call(BusConnection.bus("RequestName"), Body.of("su", name, 4L));
        if (!answer.equals(List.of(1L))) {
            throw new AssertionError("the name " + name + " is taken");
        }
    }

    private static <T> T await(CompletableFuture<T> result) {
        try {
            return result.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new AssertionError(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("there was no result within " + LIMIT, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting", e);
        }
    }

    @Override
    public void close() {
        onLoop(() -> {
            connection.close();
            return Future.succeededFuture();
        });
    }
}
