// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.rxjava3.core.AbstractVerticle;
import io.vertx.rxjava3.core.Context;
import io.vertx.rxjava3.core.RxHelper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.bus.Bus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves health and metrics; see the package. An address that cannot be had is said, and stops nothing else. */
public final class HttpVerticle extends AbstractVerticle {
    private static final Logger LOG = LoggerFactory.getLogger(HttpVerticle.class);
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String BEARER = "Bearer ";
    private static final int IDLE_LIMIT_S = 30;
    private static final int REQUEST_BYTES_MAX = 8_192;
    private static final int CALLERS_MAX = 64;

    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int FAILED = 500;
    private static final int UNAVAILABLE = 503;

    private final Bus bus;
    private final HttpOptions options;
    private final Supplier<Single<String>> metrics;
    private final Readiness readiness = new Readiness();
    private final CompositeDisposable subscriptions = new CompositeDisposable();
    private Scheduler loop = Schedulers.trampoline();
    private int callers;
    private @Nullable HttpServer server;

    /** A server of these metrics, which begins when it is deployed; that should be before the sources are. */
    public HttpVerticle(Bus bus, HttpOptions options, Supplier<Single<String>> metrics) {
        this.bus = bus;
        this.options = options;
        this.metrics = metrics;
    }

    @Override
    public Completable rxStart() {
        loop = RxHelper.scheduler(Context.newInstance(context));
        subscriptions.add(bus.subscribeAll(readiness::hear));
        HttpServer listening = vertx.getDelegate()
                .createHttpServer(new HttpServerOptions()
                        .setHost(options.host())
                        .setPort(options.port())
                        .setIdleTimeout(IDLE_LIMIT_S)
                        .setMaxHeaderSize(REQUEST_BYTES_MAX)
                        .setMaxInitialLineLength(REQUEST_BYTES_MAX)
                        .setCompressionSupported(true))
                .connectionHandler(connection -> {
                    callers++;
                    connection.closeHandler(closed -> callers--);
                    if (callers > CALLERS_MAX) {
                        connection.close().onFailure(e -> LOG.debug("closing a connection failed: {}", e.toString()));
                    }
                })
                .requestHandler(this::answer);
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

    /** The port that it listens on. */
    int port() {
        HttpServer listening = server;
        return listening == null ? 0 : listening.actualPort();
    }

    private void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (!isAllowed(Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION)))) {
            response.putHeader("WWW-Authenticate", "Bearer");
            end(response, UNAUTHORIZED, "a bearer token is needed\n");
            return;
        }
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            response.putHeader(HttpHeaders.ALLOW, "GET, HEAD");
            end(response, NOT_ALLOWED, "only GET and HEAD\n");
            return;
        }
        switch (request.path()) {
            case "/healthz" -> end(response, OK, "ok\n");
            case "/readyz" -> {
                response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
                end(
                        response,
                        readiness.isReady() ? OK : UNAVAILABLE,
                        readiness.toJson().encodePrettily() + "\n");
            }
            case "/metrics" -> scrape(response);
            default -> end(response, NOT_FOUND, "there is /healthz, /readyz and /metrics\n");
        }
    }

    private void scrape(HttpServerResponse response) {
        metrics.get()
                .observeOn(loop)
                .subscribe(
                        text -> {
                            response.putHeader(HttpHeaders.CONTENT_TYPE, TEXT);
                            end(response, OK, text);
                        },
                        failure -> {
                            LOG.warn("metrics cannot be read: {}", failure.toString());
                            end(response, FAILED, "metrics cannot be read; see the log\n");
                        },
                        subscriptions);
    }

    /** Takes as long for a wrong token as for the right one. */
    private boolean isAllowed(Optional<String> authorization) {
        return options.token().isEmpty()
                || authorization
                        .filter(header -> header.startsWith(BEARER))
                        .map(header -> header.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8))
                        .filter(shown -> MessageDigest.isEqual(
                                shown, options.token().get().getBytes(StandardCharsets.UTF_8)))
                        .isPresent();
    }

    private static void end(HttpServerResponse response, int status, String body) {
        if (!response.ended() && !response.closed()) {
            response.setStatusCode(status)
                    .end(body)
                    .onFailure(e -> LOG.debug("a caller has gone before its answer: {}", e.toString()));
        }
    }

    @Override
    public Completable rxStop() {
        subscriptions.dispose();
        HttpServer listening = server;
        return listening == null
                ? Completable.complete()
                : Completable.fromCompletionStage(listening.close().toCompletionStage());
    }
}
