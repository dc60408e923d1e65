// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.JsonParser;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.opdbus.verticles.driver.engine.EngineConnection;
import org.opdbus.verticles.driver.engine.EngineException;
import org.opdbus.verticles.driver.engine.EngineException.Reason;

/** The questions that a source asks its engine. All calls belong to one event loop. */
final class EngineClient {
    private static final int CONNECTIONS_MAX = 2 * EngineLimits.QUESTIONS_AT_ONCE + 2;
    private static final String FILTERS = "{\"type\":[\"container\"]}";

    private final EngineConnection connection;

    EngineClient(Vertx vertx, EngineOptions options) {
        connection = new EngineConnection(
                vertx,
                options.socket(),
                new EngineConnection.Limits(options.connectLimit(), options.answerLimit(), CONNECTIONS_MAX));
    }

    /** Agrees on a version, with which all later questions are asked. */
    Future<Void> negotiate() {
        return connection.negotiate();
    }

    /** Returns whether a version was agreed on, ever. */
    boolean isNegotiated() {
        return connection.isNegotiated();
    }

    /** Hands over every container as it arrives; completes after the last. */
    Future<Void> list(Consumer<JsonObject> each) {
        return connection.get("/containers/json?all=1", answer -> elements(answer, each));
    }

    /** Returns what the engine says of a container; empty if it has no such container. */
    Future<Optional<JsonObject>> inspect(String id) {
        return connection.get(
                "/containers/" + id + "/json",
                answer -> answer.statusCode() == 404
                        ? EngineConnection.body(answer, EngineLimits.CONTAINER_BYTES_MAX)
                                .map(EngineClient::absent)
                        : EngineConnection.successful(answer, EngineLimits.CONTAINER_BYTES_MAX)
                                .map(body -> Optional.of(EngineConnection.object(body))));
    }

    /** A port is removed for this answer, so it must be the engine's own, in its words, and not that of a proxy. */
    private static Optional<JsonObject> absent(Buffer body) {
        if (EngineConnection.object(body).getValue("message") instanceof String message
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
        String path =
                "/events?since=" + sinceSeconds + "&filters=" + URLEncoder.encode(FILTERS, StandardCharsets.UTF_8);
        return connection.get(
                path,
                answer -> answer.statusCode() == 200
                        ? Future.succeededFuture(answer)
                        : Future.failedFuture(EngineConnection.refusal(answer)));
    }

    void close() {
        connection.close();
    }

    /** Only one element is in memory at a time: a list of thousands of containers has megabytes. */
    private static Future<Void> elements(HttpClientResponse answer, Consumer<JsonObject> each) {
        if (answer.statusCode() != 200) {
            return Future.failedFuture(EngineConnection.refusal(answer));
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
}
