// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.rxjava3.core.AbstractVerticle;
import io.vertx.rxjava3.core.Context;
import io.vertx.rxjava3.core.RxHelper;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.http.capture.CaptureFace;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.LiveInventory;
import org.opdbus.verticles.limits.ByteBudget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves health, metrics and captures; the package documentation has the contract. If the address is not
 * available, it logs that; everything else continues.
 */
public final class HttpVerticle extends AbstractVerticle {
    private static final Logger LOG = LoggerFactory.getLogger(HttpVerticle.class);
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int TOO_LARGE = 413;
    private static final int FAILED = 500;
    private static final int UNAVAILABLE = 503;

    private final LiveInventory inventory;
    private final HttpOptions options;
    private final Supplier<Single<String>> metrics;
    private final Callers callers;
    private final CompositeDisposable subscriptions = new CompositeDisposable();
    private Scheduler loop = Schedulers.trampoline();
    private MetricsBody exposition = MetricsBody.of("");
    private @Nullable HttpServer server;
    private @Nullable CaptureRoute captures;

    /**
     * Creates a server that starts when it is deployed.
     *
     * @param inventory what readiness is read from
     * @param metrics asked at every scrape; the same text is encoded once, while it is no older
     * than they allow
     * @param budget the limit of what is held for callers
     */
    public HttpVerticle(
            LiveInventory inventory, HttpOptions options, Supplier<Single<String>> metrics, ByteBudget budget) {
        this.inventory = inventory;
        this.options = options;
        this.metrics = metrics;
        callers = new Callers(budget);
    }

    @Override
    public Completable rxStart() {
        loop = RxHelper.scheduler(Context.newInstance(context));
        HttpServer listening = vertx.getDelegate()
                .createHttpServer(HttpSettings.of(options))
                .connectionHandler(callers::admit)
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

    /** Returns the port on which it listens. */
    int port() {
        HttpServer listening = server;
        return listening == null ? 0 : listening.actualPort();
    }

    private void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        Optional<CapturePath> capture = CapturePath.of(request.path());
        Optional<String> needed = capture.isPresent() ? options.captureToken() : options.token();
        Optional<String> shown = capture.flatMap(CapturePath::token).or(() -> BearerToken.of(request));
        if (needed.isPresent() && !BearerToken.isRight(shown, needed.get())) {
            response.putHeader("WWW-Authenticate", "Bearer");
            end(request, UNAUTHORIZED, "this address needs a bearer token\n");
            return;
        }
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            response.putHeader(HttpHeaders.ALLOW, "GET, HEAD");
            end(request, NOT_ALLOWED, "only GET and HEAD are allowed\n");
            return;
        }
        if (hasBody(request)) {
            end(request, TOO_LARGE, "requests must not have a body\n");
            return;
        }
        if (capture.isPresent()) {
            captures().answer(request, capture.get(), needed.isPresent());
            return;
        }
        switch (request.path()) {
            case "/healthz" -> end(request, OK, "ok\n");
            case "/readyz" -> {
                response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
                HostFacts host = inventory.current().host();
                end(
                        request,
                        host.isReady() ? OK : UNAVAILABLE,
                        Readiness.of(host).encodePrettily() + "\n");
            }
            case "/metrics" -> scrape(request);
            default -> end(request, NOT_FOUND, "there are /healthz, /readyz, /metrics, /mobyshark and /capture\n");
        }
    }

    private CaptureRoute captures() {
        CaptureRoute made = captures;
        if (made == null) {
            made = new CaptureRoute(new CaptureFace(vertx.getDelegate(), inventory), callers, this::end);
            captures = made;
        }
        return made;
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return request.headers().contains(HttpHeaders.TRANSFER_ENCODING) || (length != null && !length.equals("0"));
    }

    private void scrape(HttpServerRequest request) {
        metrics.get()
                .observeOn(loop)
                .subscribe(
                        text -> end(request, encoded(text)),
                        failure -> {
                            LOG.warn("cannot read the metrics: {}", failure.toString());
                            end(request, FAILED, "cannot read the metrics; see the log\n");
                        },
                        subscriptions);
    }

    private MetricsBody encoded(String text) {
        if (!exposition.isOf(text)) {
            exposition = MetricsBody.of(text);
        }
        return exposition;
    }

    private void end(HttpServerRequest request, MetricsBody body) {
        HttpServerResponse response = request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, TEXT)
                .putHeader(HttpHeaders.VARY, "Accept-Encoding");
        String accepted = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
        if (accepted != null && accepted.contains("gzip")) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
            end(request, OK, body.compressed());
        } else {
            end(request, OK, body.plain());
        }
    }

    private void end(HttpServerRequest request, int status, String body) {
        if (hasBody(request)) {
            // The rest is not read, so no other answer is possible.
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        end(request, status, Buffer.buffer(body));
    }

    /**
     * Sends the answer, and admits the caller's next request when the caller has read the answer.
     */
    private void end(HttpServerRequest request, int status, Buffer body) {
        HttpServerResponse response = request.response();
        Callers.Caller caller = callers.of(request.connection());
        if (caller == null || response.ended() || response.closed()) {
            return;
        }
        if (!caller.share().take(body.length())) {
            caller.gate().close();
            return;
        }
        response.setStatusCode(status).end(body).onComplete(taken -> {
            caller.share().give(body.length());
            if (taken.succeeded()) {
                caller.gate().answered();
            } else {
                LOG.debug(
                        "a caller disconnected before its answer: {}",
                        taken.cause().toString());
            }
        });
    }

    @Override
    public Completable rxStop() {
        subscriptions.dispose();
        if (captures != null) {
            captures.close();
        }
        HttpServer listening = server;
        return listening == null
                ? Completable.complete()
                : Completable.fromCompletionStage(listening.close().toCompletionStage());
    }
}
