// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Questions to Docker's engine over its socket, in the newest version of its API that it offers itself: engines refuse versions
 * that they take for too old, and the little that is asked for has been the same in all. On one event loop. Close it.
 */
final class DockerEngine {
    private static final int ANSWER_BYTES_MAX = 4 << 20;
    private static final Pattern VERSION = Pattern.compile("[0-9]{1,3}\\.[0-9]{1,3}");

    private final HttpClient client;
    private final SocketAddress socket;
    private final Duration limit;

    DockerEngine(Vertx vertx, String socket, Duration limit) {
        this.limit = limit;
        client = vertx.createHttpClient(new HttpClientOptions().setMaxHeaderSize(16 << 10));
        this.socket = SocketAddress.domainSocketAddress(socket);
    }

    /** Returns the networks, as {@code GET /networks} lists them. */
    Future<JsonArray> networks() {
        return get("/_ping")
                .compose(answer -> body(answer).map(answer))
                .map(answer -> answer.getHeader("Api-Version"))
                .compose(version -> get(
                        version != null && VERSION.matcher(version).matches()
                                ? "/v" + version + "/networks"
                                : "/networks"))
                .compose(DockerEngine::body)
                .map(DockerEngine::array);
    }

    void close() {
        client.close();
    }

    private Future<HttpClientResponse> get(String path) {
        RequestOptions request = new RequestOptions()
                .setServer(socket)
                .setHost("docker")
                .setMethod(HttpMethod.GET)
                .setURI(path);
        return client.request(request)
                .compose(sent -> sent.send().timeout(limit.toMillis(), TimeUnit.MILLISECONDS))
                .compose(answer -> answer.statusCode() == 200
                        ? Future.succeededFuture(answer)
                        : Future.failedFuture("GET " + path + " was answered with " + answer.statusCode()));
    }

    private static Future<Buffer> body(HttpClientResponse answer) {
        Promise<Buffer> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        answer.exceptionHandler(whole::tryFail);
        answer.handler(piece -> {
            if (body.length() + piece.length() > ANSWER_BYTES_MAX) {
                whole.tryFail("the answer has more than " + ANSWER_BYTES_MAX + " bytes");
                answer.request().connection().close();
            } else {
                body.appendBuffer(piece);
            }
        });
        answer.endHandler(end -> whole.tryComplete(body));
        return whole.future();
    }

    private static JsonArray array(Buffer body) {
        try {
            return body.toJsonArray();
        } catch (DecodeException | ClassCastException e) {
            throw new IllegalStateException("the answer is no list of networks", e);
        }
    }
}
