// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.engine;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.opdbus.verticles.driver.engine.EngineException.Reason;

/**
 * The way to the API of one engine, over its socket. Every request fails with an {@link EngineException} after the time limit at the
 * latest, and its connection is closed then. All calls belong to one event loop.
 */
public final class EngineConnection implements AutoCloseable {
    private static final int VERSION_BYTES_MAX = 64 << 10;
    private static final int HEADER_BYTES_MAX = 16 << 10;
    private static final int WAITING_MAX = 8;

    private final Vertx vertx;
    private final Limits limits;
    private final SocketAddress socket;
    /** Kept in a field, because the garbage collector closes an unreferenced client with its connections. */
    private final HttpClient client;

    private String prefix = "";

    /**
     * What a connection takes at most.
     *
     * @param connect the time for a connection
     * @param answer the time for an answer
     * @param connectionsMax how many requests are under way at once
     */
    public record Limits(Duration connect, Duration answer, int connectionsMax) {}

    /** Creates it; the socket need not exist. */
    public EngineConnection(Vertx vertx, Path socket, Limits limits) {
        this.vertx = vertx;
        this.limits = limits;
        this.socket = SocketAddress.domainSocketAddress(socket.toString());
        client = vertx.createHttpClient(
                new HttpClientOptions().setMaxHeaderSize(HEADER_BYTES_MAX).setConnectTimeout((int)
                        limits.connect().toMillis()),
                new PoolOptions()
                        .setHttp1MaxSize(limits.connectionsMax())
                        .setMaxWaitQueueSize(limits.connectionsMax() * WAITING_MAX));
    }

    /** Agrees on a version, with which all later requests are made. */
    public Future<Void> negotiate() {
        return ask(question("/version"), answer -> successful(answer, VERSION_BYTES_MAX))
                .map(body -> "/v1." + EngineVersion.agreed(object(body), EngineVersion.NEWEST))
                .onSuccess(agreed -> prefix = agreed)
                .mapEmpty();
    }

    /** Returns whether a version was agreed on, ever. */
    public boolean isNegotiated() {
        return !prefix.isEmpty();
    }

    /** Asks a question; {@code read} takes the answer when its head has come, and sets its handlers at once. */
    public <T> Future<T> get(String path, Function<HttpClientResponse, Future<T>> read) {
        return ask(question(prefix + path), read);
    }

    /**
     * Gives an order; completes with the reply, also if that is a refusal.
     *
     * @param body its body, which is JSON; empty if it has none
     * @param limit the time limit, because an order can take longer than a question
     */
    public Future<EngineReply> order(HttpMethod method, String path, Buffer body, Duration limit) {
        return ask(new Request(method, prefix + path, body, limit), EngineReply::read);
    }

    @Override
    public void close() {
        client.close();
    }

    private record Request(HttpMethod method, String path, Buffer body, Duration limit) {
        RequestOptions options(SocketAddress socket) {
            RequestOptions options = new RequestOptions()
                    .setServer(socket)
                    .setHost("engine")
                    .setMethod(method)
                    .setURI(path);
            return body.length() == 0 ? options : options.putHeader("Content-Type", "application/json");
        }
    }

    private Request question(String path) {
        return new Request(HttpMethod.GET, path, Buffer.buffer(), limits.answer());
    }

    private <T> Future<T> ask(Request request, Function<HttpClientResponse, Future<T>> read) {
        Promise<T> answer = Promise.promise();
        long timer = vertx.setTimer(
                request.limit().toMillis(),
                late -> answer.tryFail(new EngineException(
                        Reason.LATE,
                        "no answer to " + request.method() + " " + shown(request.path()) + " within "
                                + request.limit().toMillis() + " ms")));
        client.request(request.options(socket))
                .onSuccess(sent -> {
                    answer.future().onFailure(failed -> sent.reset());
                    if (!answer.future().isComplete()) {
                        sent.send(request.body())
                                .compose(begun -> {
                                    // Vert.x logs what has no handler, also the end that comes after a failure.
                                    begun.exceptionHandler(answer::tryFail);
                                    return read.apply(begun);
                                })
                                .onComplete(answer::tryComplete, answer::tryFail);
                    }
                })
                .onFailure(answer::tryFail);
        return answer.future()
                .onComplete(done -> vertx.cancelTimer(timer))
                .recover(failure -> Future.failedFuture(translated(failure)));
    }

    /** Returns the whole body of an answer that must be a success. */
    public static Future<Buffer> successful(HttpClientResponse answer, int bytesMax) {
        return answer.statusCode() == 200 ? body(answer, bytesMax) : Future.failedFuture(refusal(answer));
    }

    /** Returns the whole body of an answer; fails if it is longer than this. */
    public static Future<Buffer> body(HttpClientResponse answer, int bytesMax) {
        Promise<Buffer> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        answer.exceptionHandler(whole::tryFail);
        answer.handler(piece -> {
            if (body.length() + piece.length() > bytesMax) {
                whole.tryFail(tooLong(bytesMax));
            } else {
                body.appendBuffer(piece);
            }
        });
        answer.endHandler(end -> whole.tryComplete(body));
        return whole.future();
    }

    /** Returns a body as the JSON object that it must be. */
    public static JsonObject object(Buffer body) {
        try {
            return body.toJsonObject();
        } catch (DecodeException | ClassCastException e) {
            throw new EngineException(Reason.INVALID, "an answer is not a JSON object");
        }
    }

    /** Returns the failure of an answer that is longer than this. */
    public static EngineException tooLong(int bytesMax) {
        return new EngineException(Reason.INVALID, "an answer has more than " + bytesMax + " bytes");
    }

    /** Returns the failure of a question whose answer is no success. */
    public static EngineException refusal(HttpClientResponse answer) {
        return new EngineException(
                Reason.INVALID,
                "GET " + shown(answer.request().getURI()) + " was answered with " + answer.statusCode());
    }

    private static String shown(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    private static EngineException translated(Throwable failure) {
        return failure instanceof EngineException known
                ? known
                : new EngineException(Reason.UNREACHABLE, String.valueOf(failure.getMessage()));
    }
}
