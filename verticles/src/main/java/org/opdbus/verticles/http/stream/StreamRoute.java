// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.stream;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.rxjava3.core.RxHelper;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.opdbus.verticles.http.WebExchange;
import org.opdbus.verticles.http.WebRoute;
import org.opdbus.verticles.limits.ByteBudget;

/** Serves the stream; the package documentation has the contract. For the event loop that made it. */
public final class StreamRoute implements WebRoute {
    /** The only path. */
    public static final String PATH = "/api/v1/stream";

    private static final String TYPE = "text/event-stream";
    private static final String ALL_TOPICS = "inventory,events,figures";
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int UNAVAILABLE = 503;
    private static final int RUN_BYTES = 6;

    private final Context loop;
    private final ByteBudget budget;
    private final StreamHub hub;

    /**
     * Serves it on the present event loop. Nothing is listened to before the first reader.
     *
     * @param budget the limit of what is held for callers
     */
    public StreamRoute(Vertx vertx, StreamSources sources, ByteBudget budget) {
        loop = vertx.getOrCreateContext();
        this.budget = budget;
        byte[] run = new byte[RUN_BYTES];
        new SecureRandom().nextBytes(run);
        hub = new StreamHub(
                HexFormat.of().formatHex(run),
                sources,
                RxHelper.scheduler(io.vertx.rxjava3.core.Context.newInstance(loop)),
                System::nanoTime);
    }

    @Override
    public boolean answer(WebExchange exchange) {
        if (!exchange.path().equals(PATH)) {
            return false;
        }
        Optional<Set<StreamTopic>> topics =
                StreamTopic.named(exchange.query("topics").orElse(ALL_TOPICS));
        exchange.put(HttpHeaders.CACHE_CONTROL, "no-store");
        if (topics.isEmpty()) {
            refuse(
                    exchange,
                    BAD_REQUEST,
                    "Bad Request",
                    "there is no such topic",
                    "topics is a list with commas of " + ALL_TOPICS);
        } else if (exchange.isHead()) {
            exchange.end(OK, TYPE, Buffer.buffer());
        } else if (hub.hasPlace()) {
            open(exchange, topics.get());
        } else {
            exchange.put("Retry-After", "10");
            refuse(
                    exchange,
                    UNAVAILABLE,
                    "Service Unavailable",
                    StreamHub.READERS_MAX + " streams are open already",
                    "close one of them");
        }
        return true;
    }

    /** Answers in the form of RFC 9457. */
    private static void refuse(WebExchange exchange, int status, String title, String detail, String remedy) {
        exchange.end(
                status,
                "application/problem+json",
                new JsonObject()
                        .put("type", "about:blank")
                        .put("title", title)
                        .put("status", status)
                        .put("detail", detail)
                        .put("remedy", remedy)
                        .toBuffer());
    }

    private void open(WebExchange exchange, Set<StreamTopic> topics) {
        Optional<Position> since = exchange.header("Last-Event-ID").flatMap(Position::of);
        HttpServerResponse response = exchange.stream(TYPE);
        if (response.closed()) {
            return;
        }
        ResponseOutput output = new ResponseOutput(response, exchange.request().connection(), budget, loop);
        StreamReader reader = hub.open(topics, since, output);
        output.onEvents(reader::pump, () -> hub.leave(reader));
    }

    @Override
    public void close() {
        hub.close();
    }
}
