// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.jsonrpc.JsonRpcException.Reason;
import org.opdbus.verticles.limits.ByteBudget;

class JsonRpcConnectionTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final JsonRpcLimits LIMITS = new JsonRpcLimits(1 << 20, 100_000, 20, 50, 1 << 20);

    @TempDir
    Path dir;

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final NetClient sockets = vertx.createNetClient();
    private final Server server = new Server();
    private final List<JsonRpcException> ended = new CopyOnWriteArrayList<>();

    /** Answers "double", never answers "wait", fails "fail", and counts. */
    private final class Server implements JsonRpcPeer {
        final AtomicInteger requests = new AtomicInteger();
        final List<Promise<Object>> waiting = new CopyOnWriteArrayList<>();
        final List<JsonRpcException> ended = new CopyOnWriteArrayList<>();
        final List<String> notified = new CopyOnWriteArrayList<>();

        @Override
        public Future<Object> requested(String method, JsonArray params) {
            requests.incrementAndGet();
            return switch (method) {
                case "double" -> Future.succeededFuture(params.getInteger(0) * 2);
                case "long" -> Future.succeededFuture("x".repeat(100_000));
                case "wait" -> {
                    Promise<Object> promise = Promise.promise();
                    waiting.add(promise);
                    yield promise.future();
                }
                default -> JsonRpcPeer.super.requested(method, params);
            };
        }

        @Override
        public void notified(String method, JsonArray params) {
            notified.add(method + params);
        }

        @Override
        public void ended(JsonRpcException why) {
            ended.add(why);
        }
    }

    private final ByteBudget budget = new ByteBudget(16 << 20);

    @BeforeEach
    void listen() {
        join(vertx.createNetServer()
                .connectHandler(socket -> new JsonRpcConnection(settings(), socket, server))
                .listen(address()));
    }

    @AfterEach
    void close() {
        join(vertx.close());
    }

    @Test
    void calls_are_pipelined_and_each_gets_its_own_answer() {
        JsonRpcConnection connection = connect();
        List<Future<Object>> answers = on(() -> IntStream.range(0, 50)
                .mapToObj(i -> connection.call("double", JsonArray.of(i), LONG))
                .toList());
        for (int i = 0; i < 50; i++) {
            assertThat(join(answers.get(i))).isEqualTo(2 * i);
        }
        JsonArray hello = JsonArray.of("hello", null, new JsonObject().put("a", 1));
        assertThat(join(on(() -> connection.call("echo", hello, LONG)))).isEqualTo(hello);
        on(() -> {
            connection.notify("seen", JsonArray.of(1));
            return true;
        });
        eventually(() -> assertThat(server.notified).containsExactly("seen[1]"));
    }

    @Test
    void a_call_fails_with_the_error_that_it_is_answered_with() {
        JsonRpcConnection connection = connect();
        JsonRpcException failure = failure(on(() -> connection.call("fly", new JsonArray(), LONG)));
        assertThat(failure.reason()).isEqualTo(Reason.ERROR_ANSWERED);
        assertThat(failure.error()).isEqualTo("unknown method: fly");
    }

    @Test
    void a_call_ends_at_its_limit_and_a_late_answer_does_no_harm() {
        JsonRpcConnection connection = connect();
        Future<Object> call = on(() -> connection.call("wait", new JsonArray(), Duration.ofMillis(20)));
        assertThat(failure(call).reason()).isEqualTo(Reason.TIMED_OUT);
        eventually(() -> assertThat(server.waiting).hasSize(1));
        server.waiting.get(0).complete("late");
        assertThat(join(on(() -> connection.call("double", JsonArray.of(21), LONG))))
                .isEqualTo(42);
    }

    @Test
    void only_so_many_calls_wait_and_the_end_of_the_connection_fails_them_all() {
        JsonRpcConnection connection = connect();
        List<Future<Object>> calls = on(() -> IntStream.range(0, 51)
                .mapToObj(i -> connection.call("wait", new JsonArray(), LONG))
                .toList());
        assertThat(failure(calls.get(50)).reason()).isEqualTo(Reason.OVERLOADED);
        on(() -> {
            connection.close("enough");
            return true;
        });
        calls.subList(0, 50).forEach(call -> assertThat(failure(call).reason()).isEqualTo(Reason.CLOSED));
        assertThat(failure(on(() -> connection.call("double", JsonArray.of(1), LONG)))
                        .reason())
                .isEqualTo(Reason.CLOSED);
        assertThat(ended).hasSize(1);
        eventually(() -> assertThat(server.ended).hasSize(1));
    }

    @Test
    void garbage_ends_the_connection() {
        NetSocket socket = join(sockets.connect(address()));
        join(socket.write("GET / HTTP/1.1\r\n\r\n"));
        eventually(() -> assertThat(server.ended).hasSize(1));
        assertThat(server.ended.get(0).reason()).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void a_client_that_asks_and_never_reads_is_read_no_further() {
        NetSocket socket = join(sockets.connect(address()));
        socket.pause();
        String request = new JsonObject()
                .put("id", 1)
                .put("method", "long")
                .put("params", new JsonArray())
                .encode();
        int asked = 5_000;
        for (int i = 0; i < asked; i++) {
            socket.write(request).onFailure(e -> {});
        }
        // One answer may queue, and the kernel holds some; all together would be five hundred
        // megabytes.
        eventually(() -> assertThat(server.requests.get()).isPositive());
        JsonRpcConnection other = connect();
        assertThat(join(on(() -> other.call("double", JsonArray.of(4), LONG)))).isEqualTo(8);
        assertThat(server.requests.get()).isLessThan(asked / 20);
        assertThat(budget.held()).isLessThan(1 << 20);
    }

    private JsonRpcConnection connect() {
        JsonRpcPeer peer = new JsonRpcPeer() {
            @Override
            public void ended(JsonRpcException why) {
                ended.add(why);
            }
        };
        return join(
                on(() -> sockets.connect(address()).map(socket -> new JsonRpcConnection(settings(), socket, peer))));
    }

    private JsonRpcSettings settings() {
        return new JsonRpcSettings(vertx, LIMITS, budget);
    }

    private SocketAddress address() {
        return SocketAddress.domainSocketAddress(dir.resolve("s").toString());
    }

    /** Runs something on the context of this side's connections. */
    private <T> T on(Supplier<T> action) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(v -> promise.complete(action.get()));
        return join(promise.future());
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private static JsonRpcException failure(Future<Object> future) {
        try {
            throw new AssertionError("it was answered: " + join(future));
        } catch (CompletionException e) {
            if (e.getCause() instanceof JsonRpcException failure) {
                return failure;
            }
            throw e;
        }
    }
}
