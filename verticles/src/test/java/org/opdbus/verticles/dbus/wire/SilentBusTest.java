// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.testing.BusWatcher;

/** A bus that stops answering at the wrong moment ends one connection, once. */
final class SilentBusTest {
    private final Vertx vertx = Vertx.vertx();
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void the_connection_ends_when_the_bus_has_not_read_for_long() throws Exception {
        SocketAddress address = listen(SilentBusTest::greet);
        BusMessage signal = BusMessage.signal(ObjectPath.ROOT, "a.b", "C", Body.of("s", "x".repeat(65_536)));

        vertx.runOnContext(start -> BusConnection.open(vertx, address, new Ending(ended), Duration.ofMillis(50))
                .onSuccess(connection -> {
                    // Until the kernel holds no more.
                    vertx.setPeriodic(1, again -> {
                        if (!connection.isBusy()) {
                            connection.send(signal);
                        }
                    });
                })
                .onFailure(ended::completeExceptionally));

        assertThat(ended.get(BusWatcher.GENEROUS.toSeconds(), TimeUnit.SECONDS)).contains("has not read for");
    }

    @Test
    void a_bus_that_goes_while_it_greets_fails_the_opening_and_ends_nothing_else() throws Exception {
        SocketAddress address = listen(client -> client.handler(bytes -> {
            if (bytes.toString(StandardCharsets.ISO_8859_1).contains("AUTH")) {
                client.write("DATA\r\nOK 0123\r\n");
            } else {
                client.close();
            }
        }));
        CompletableFuture<BusConnection> opened = new CompletableFuture<>();

        vertx.runOnContext(start -> BusConnection.open(vertx, address, new Ending(ended))
                .onComplete(
                        opened::complete,
                        failure -> vertx.runOnContext(later -> opened.completeExceptionally(failure))));

        assertThat(opened).failsWithin(BusWatcher.GENEROUS);
        assertThat(ended).isNotDone();
    }

    private SocketAddress listen(Handler<NetSocket> bus) throws Exception {
        SocketAddress address =
                SocketAddress.domainSocketAddress(folder.resolve("bus").toString());
        vertx.createNetServer()
                .connectHandler(bus)
                .listen(address)
                .toCompletionStage()
                .toCompletableFuture()
                .get(BusWatcher.GENEROUS.toSeconds(), TimeUnit.SECONDS);
        return address;
    }

    /** Accepts every client, answers Hello, and reads nothing more. */
    private static void greet(NetSocket client) {
        client.handler(bytes -> {
            if (bytes.toString(StandardCharsets.ISO_8859_1).contains("AUTH")) {
                client.write("DATA\r\nOK 0123\r\n");
                return;
            }
            client.pause();
            BusMessage hello = new BusMessage(BusMessage.Kind.CALL, 0, 1, Map.of(), Body.EMPTY);
            client.write(Buffer.buffer(MessageEncoder.encode(hello.reply(Body.of("s", ":1.1")), 1)));
        });
    }

    private record Ending(CompletableFuture<String> ended) implements BusConnection.Listener {
        @Override
        public void called(BusMessage call) {
            throw new AssertionError("no program knows this connection");
        }

        @Override
        public void calledTooLong(BusMessage header, long bytes) {
            throw new AssertionError("no program knows this connection");
        }

        @Override
        public void signalled(BusMessage signal) {
            throw new AssertionError("the bus sends no signal");
        }

        @Override
        public void ended(String why) {
            ended.complete(why);
        }
    }
}
