// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

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
import io.vertx.core.parsetools.JsonParser;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.opdbus.verticles.engine.EngineException.Reason;

/**
 * Questions to one engine over its socket. Every question fails with an {@link EngineException} after the time limit at the latest,
 * and its connection is closed then. All calls belong to one event loop.
 */
final class EngineClient {
    private static final int CONNECTIONS_MAX = 2 * EngineLimits.QUESTIONS_AT_ONCE + 2;
    private static final String FILTERS = "{\"type\":[\"container\"]}";

    private final Vertx vertx;
    private final EngineOptions options;
    private final SocketAddress socket;
    /** Kept in a field, because the garbage collector closes an unreferenced client with its connections. */
    private final HttpClient client;

    private String prefix = "";

    EngineClient(Vertx vertx, EngineOptions options) {
        this.vertx = vertx;
        this.options = options;
        socket = SocketAddress.domainSocketAddress(options.socket().toString());
        client = vertx.createHttpClient(
                new HttpClientOptions().setMaxHeaderSize(16 << 10).setConnectTimeout((int)
                        options.connectLimit().toMillis()),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX).setMaxWaitQueueSize(CONNECTIONS_MAX * 8));
    }

    /** Agrees on a version, with which all later questions are asked. */
    Future<Void> negotiate() {
        return ask("/version", answer -> successful(answer, EngineLimits.VERSION_BYTES_MAX))
                .map(body -> "/v1." + EngineReader.version(object(body), EngineOptions.API_NEWEST))
                .onSuccess(agreed -> prefix = agreed)
                .mapEmpty();
    }

    /** Returns whether a version was agreed on, ever. */
    boolean isNegotiated() {
        return !prefix.isEmpty();
    }

    /** Hands over every container as it arrives; completes after the last. */
    Future<Void> list(Consumer<JsonObject> each) {
        return ask(prefix + "/containers/json?all=1", answer -> elements(answer, each));
    }

    /** Returns what the engine says of a container; empty if it has no such container. */
    Future<Optional<JsonObject>> inspect(String id) {
        return ask(
                prefix + "/containers/" + id + "/json",
                answer -> answer.statusCode() == 404
                        ? body(answer, EngineLimits.CONTAINER_BYTES_MAX).map(EngineClient::absent)
                        : successful(answer, EngineLimits.CONTAINER_BYTES_MAX).map(body -> Optional.of(object(body))));
    }

    /** A port is removed for this answer, so it must be the engine's own, in its words, and not that of a proxy. */
    private static Optional<JsonObject> absent(Buffer body) {
        if (object(body).getValue("message") instanceof String message
                && message.toLowerCase(Locale.ROOT).contains("no such container")) {
            return Optional.empty();
        }
        throw new EngineException(Reason.INVALID, "a question about a container was answered with 404");
    }

    /**
     * Subscribes to the events about containers. The answer has no end and no time limit once it has begun; its caller sets the
     * handlers at once, and ends it by closing the connection.
     */
    Future<HttpClientResponse> events(long sinceSeconds) {
        String path = prefix + "/events?since=" + sinceSeconds + "&filters="
                + URLEncoder.encode(FILTERS, StandardCharsets.UTF_8);
        return ask(
                path,
                answer -> answer.statusCode() == 200
                        ? Future.succeededFuture(answer)
                        : Future.failedFuture(refusal(answer)));
    }

    void close() {
        client.close();
    }

    private <T> Future<T> ask(String path, Function<HttpClientResponse, Future<T>> read) {
        RequestOptions request = new RequestOptions()
                .setServer(socket)
                .setHost(options.kind().name().toLowerCase(Locale.ROOT))
                .setMethod(HttpMethod.GET)
                .setURI(path);
        Promise<T> answer = Promise.promise();
        long timer = vertx.setTimer(
                options.answerLimit().toMillis(),
                late -> answer.tryFail(new EngineException(
                        Reason.LATE,
                        "no answer to GET " + shown(path) + " within "
                                + options.answerLimit().toMillis() + " ms")));
        client.request(request)
                .onSuccess(sent -> {
                    answer.future().onFailure(failed -> sent.reset());
                    if (!answer.future().isComplete()) {
                        sent.send()
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

    private Future<Buffer> successful(HttpClientResponse answer, int bytesMax) {
        return answer.statusCode() == 200 ? body(answer, bytesMax) : Future.failedFuture(refusal(answer));
    }

    private static Future<Buffer> body(HttpClientResponse answer, int bytesMax) {
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

    /** Only one element is in memory at a time: a list of thousands of containers has megabytes. */
    private static Future<Void> elements(HttpClientResponse answer, Consumer<JsonObject> each) {
        if (answer.statusCode() != 200) {
            return Future.failedFuture(refusal(answer));
        }
        Promise<Void> whole = Promise.promise();
        ListBody body = new ListBody(each);
        JsonParser parser = JsonParser.newParser().objectValueMode();
        parser.handler(body::take);
        parser.exceptionHandler(failure -> whole.tryFail(
                failure instanceof EngineException
                        ? failure
                        : new EngineException(Reason.INVALID, "its list of containers is not JSON")));
        answer.exceptionHandler(whole::tryFail);
        answer.handler(piece -> {
            if (whole.future().isComplete()) {
                return;
            }
            try {
                body.count(piece.length());
                parser.handle(piece);
            } catch (RuntimeException e) {
                whole.tryFail(e);
            }
        });
        answer.endHandler(end -> {
            try {
                parser.end();
                body.end();
                whole.tryComplete();
            } catch (RuntimeException e) {
                whole.tryFail(e);
            }
        });
        return whole.future();
    }

    static EngineException tooLong(int bytesMax) {
        return new EngineException(Reason.INVALID, "an answer has more than " + bytesMax + " bytes");
    }

    private static EngineException refusal(HttpClientResponse answer) {
        return new EngineException(
                Reason.INVALID,
                "GET " + shown(answer.request().getURI()) + " was answered with " + answer.statusCode());
    }

    private static String shown(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    private static JsonObject object(Buffer body) {
        try {
            return body.toJsonObject();
        } catch (DecodeException | ClassCastException e) {
            throw new EngineException(Reason.INVALID, "an answer is not a JSON object");
        }
    }

    private static EngineException translated(Throwable failure) {
        return failure instanceof EngineException known
                ? known
                : new EngineException(Reason.UNREACHABLE, String.valueOf(failure.getMessage()));
    }
}
