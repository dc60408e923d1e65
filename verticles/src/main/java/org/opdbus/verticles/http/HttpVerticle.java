// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.reactivex.rxjava3.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.rxjava3.core.AbstractVerticle;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.http.WebFace.Audience;
import org.opdbus.verticles.limits.ByteBudget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens, checks who asks, and leads each request to a face; the package documentation has the contract. If the address is not
 * available, it logs that; everything else continues.
 */
public final class HttpVerticle extends AbstractVerticle {
    private static final Logger LOG = LoggerFactory.getLogger(HttpVerticle.class);
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int TOO_LARGE = 413;
    private static final int FAILED = 500;

    private final HttpOptions options;
    private final List<WebFace> faces;
    private final Callers callers;
    private @Nullable HttpServer server;
    private @Nullable WebRoutes routes;

    /**
     * Creates a server that starts when it is deployed.
     *
     * @param faces what it serves; a path belongs to the first face that has it
     * @param budget the limit of what is held for callers
     */
    public HttpVerticle(HttpOptions options, List<WebFace> faces, ByteBudget budget) {
        this.options = options;
        this.faces = List.copyOf(faces);
        callers = new Callers(budget);
    }

    @Override
    public Completable rxStart() {
        WebRoutes served = new WebRoutes(vertx.getDelegate(), faces);
        routes = served;
        HttpServer listening = vertx.getDelegate()
                .createHttpServer(HttpSettings.of(options))
                .connectionHandler(callers::admit)
                .requestHandler(request -> answer(served, request));
        server = listening;
        return Completable.fromCompletionStage(listening
                .listen()
                .<Void>mapEmpty()
                .onSuccess(bound -> LOG.info("http={}:{}", options.host(), listening.actualPort()))
                .recover(failure -> {
                    LOG.error(
                            "health and metrics are not served: cannot listen on {}: {}; set http.listen to another address",
                            options,
                            failure.getMessage());
                    return Future.succeededFuture();
                })
                .toCompletionStage());
    }

    /** Returns the port on which it listens. */
    int port() {
        HttpServer listening = server;
        return listening == null ? 0 : listening.actualPort();
    }

    private void answer(WebRoutes served, HttpServerRequest request) {
        RequestExchange exchange = new RequestExchange(request, callers);
        Optional<WebFace> face = served.face(request.path());
        if (isRefused(face, exchange)) {
            return;
        }
        try {
            if (face.isEmpty() || !served.answer(face.get(), exchange)) {
                exchange.end(NOT_FOUND, "there are " + served.named() + "\n");
            }
        } catch (RuntimeException failure) {
            // The path may hold the token.
            LOG.error("an answer over HTTP failed", failure);
            exchange.end(FAILED, "the agent failed; see its log\n");
        }
    }

    /** Answers a request that must not reach its face. */
    private boolean isRefused(Optional<WebFace> face, RequestExchange exchange) {
        HttpServerRequest request = exchange.request();
        Audience audience = face.map(WebFace::audience).orElse(Audience.READERS);
        Optional<String> needed = switch (audience) {
            case EVERYONE -> Optional.empty();
            case READERS -> options.token();
            case TOKEN_HOLDERS -> options.captureToken();
        };
        Optional<String> shown =
                face.flatMap(each -> each.paths().token(request.path())).or(() -> BearerToken.of(request));
        if (needed.isPresent() && !BearerToken.isRight(shown, needed.get())) {
            exchange.put("WWW-Authenticate", "Bearer");
            exchange.end(UNAUTHORIZED, "this address needs a bearer token\n");
        } else if (!request.method().equals(HttpMethod.GET) && !exchange.isHead()) {
            exchange.put(HttpHeaders.ALLOW, "GET, HEAD");
            exchange.end(NOT_ALLOWED, "only GET and HEAD are allowed\n");
        } else if (exchange.hasBody()) {
            exchange.end(TOO_LARGE, "requests must not have a body\n");
        } else if (!exchange.isQueryReadable()) {
            exchange.end(BAD_REQUEST, "the query is not well-formed\n");
        } else if (audience == Audience.TOKEN_HOLDERS && needed.isEmpty()) {
            exchange.end(
                    FORBIDDEN,
                    "captures need a token, also on a loopback address: write one into http.tokenFile (umask 077; "
                            + "openssl rand -hex 32 > /etc/op-dbus/http.token) and restart the agent\n");
        } else {
            return false;
        }
        return true;
    }

    @Override
    public Completable rxStop() {
        WebRoutes served = routes;
        if (served != null) {
            served.close();
        }
        HttpServer listening = server;
        return listening == null
                ? Completable.complete()
                : Completable.fromCompletionStage(listening.close().toCompletionStage());
    }
}
