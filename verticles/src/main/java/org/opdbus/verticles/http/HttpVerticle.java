// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.reactivex.rxjava3.core.Completable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.rxjava3.core.AbstractVerticle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.http.WebFace.Audience;
import org.opdbus.verticles.http.access.AccessTokenWatch;
import org.opdbus.verticles.http.access.Sessions;
import org.opdbus.verticles.limits.ByteBudget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens, checks who asks, and leads each request to a face; the package documentation has the contract. If the address is not
 * available, it logs that; everything else continues.
 */
public final class HttpVerticle extends AbstractVerticle {
    private static final Logger LOG = LoggerFactory.getLogger(HttpVerticle.class);

    private final HttpOptions options;
    private final List<WebFace> faces;
    private final ByteBudget budget;
    private final Admission admission;
    private @Nullable HttpServer server;
    private @Nullable WebRoutes routes;
    private @Nullable AccessTokenWatch watch;

    /**
     * Creates a server that starts when it is deployed.
     *
     * @param faces what it serves; a path belongs to the first face that has it
     * @param budget the limit of what is held for callers
     */
    public HttpVerticle(HttpOptions options, List<WebFace> faces, ByteBudget budget) {
        this.options = options;
        Sessions sessions = new Sessions();
        admission = new Admission(options, sessions);
        List<WebFace> all = new ArrayList<>(faces);
        // Before the others, because the API has the paths around it.
        all.add(0, ofSessions(sessions, options.token().isPresent()));
        this.faces = List.copyOf(all);
        this.budget = budget;
    }

    private static WebFace ofSessions(Sessions sessions, boolean isNeeded) {
        WebFace read = WebFace.at(SessionRoute.PATH, vertx -> new SessionRoute(vertx, sessions, isNeeded));
        return new WebFace(read.paths(), Audience.EVERYONE, read.make(), List.of(HttpMethod.POST, HttpMethod.DELETE));
    }

    @Override
    public Completable rxStart() {
        Vertx core = vertx.getDelegate();
        WebRoutes served = new WebRoutes(core, faces);
        routes = served;
        Callers callers = new Callers(
                budget,
                options.tls()
                        .map(tls -> (Supplier<SslHandler>) () -> tls.handler(ByteBufAllocator.DEFAULT, worker(core)))
                        .orElse(null));
        HttpServer listening = core.createHttpServer(HttpSettings.of(options))
                .connectionHandler(callers::admit)
                .requestHandler(request -> answer(served, new RequestExchange(request, callers)));
        server = listening;
        return Completable.fromCompletionStage(watchToken(core)
                .compose(watched -> listening.listen())
                .<Void>mapEmpty()
                .onSuccess(bound -> LOG.info(
                        "{}={}:{}",
                        options.tls().isPresent() ? "https" : "http",
                        options.host(),
                        listening.actualPort()))
                .recover(failure -> {
                    LOG.error(
                            "health and metrics are not served: cannot listen on {}: {}; set http.listen to another address",
                            options,
                            failure.getMessage());
                    return Future.succeededFuture();
                })
                .toCompletionStage());
    }

    private Future<Void> watchToken(Vertx core) {
        if (options.tokenFile().isEmpty()) {
            return Future.succeededFuture();
        }
        Context loop = core.getOrCreateContext();
        return core.executeBlocking(() -> AccessTokenWatch.of(
                        options.tokenFile().get(),
                        options.captureToken(),
                        token -> loop.runOnContext(now -> admission.replaceToken(token))))
                .onSuccess(begun -> watch = begun)
                .mapEmpty();
    }

    /** Returns the port on which it listens. */
    int port() {
        HttpServer listening = server;
        return listening == null ? 0 : listening.actualPort();
    }

    private static Executor worker(Vertx core) {
        return task -> core.executeBlocking(
                        () -> {
                            task.run();
                            return true;
                        },
                        false)
                .onFailure(failure -> LOG.warn("a look at the certificate failed", failure));
    }

    private void answer(WebRoutes served, RequestExchange exchange) {
        Optional<WebFace> face = served.face(exchange.path());
        Optional<RefusedRequest> refusal = admission.refusal(face, exchange);
        if (refusal.isPresent()) {
            refusal.get().answer(exchange);
            return;
        }
        try {
            if (face.isEmpty() || !served.answer(face.get(), exchange)) {
                RefusedRequest.notFound(served.named()).answer(exchange);
            }
        } catch (RuntimeException failure) {
            // The path may hold the token.
            LOG.error("an answer over HTTP failed", failure);
            RefusedRequest.FAILED.answer(exchange);
        }
    }

    @Override
    public Completable rxStop() {
        WebRoutes served = routes;
        if (served != null) {
            served.close();
        }
        AccessTokenWatch watching = watch;
        if (watching != null) {
            watching.close();
        }
        HttpServer listening = server;
        return listening == null
                ? Completable.complete()
                : Completable.fromCompletionStage(listening.close().toCompletionStage());
    }
}
