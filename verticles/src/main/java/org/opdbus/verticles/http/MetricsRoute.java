// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.vertx.core.Vertx;
import io.vertx.rxjava3.core.Context;
import io.vertx.rxjava3.core.RxHelper;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the metrics in Prometheus' text format. */
public final class MetricsRoute implements WebRoute {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsRoute.class);
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final int OK = 200;
    private static final int FAILED = 500;

    private final Supplier<Single<String>> metrics;
    private final Scheduler loop;
    private final CompositeDisposable subscriptions = new CompositeDisposable();
    private Exposition exposition = Exposition.of("");

    /** A text of metrics, encoded once for all callers. */
    private record Exposition(String text, EncodedBody body) {
        static Exposition of(String text) {
            return new Exposition(text, EncodedBody.of(text.getBytes(StandardCharsets.UTF_8)));
        }

        /** Returns whether it is this very object, and not only an equal text. */
        // This avoids comparing tens of kilobytes for each caller.
        @SuppressWarnings("ReferenceEquality")
        boolean isOf(String other) {
            return text == other;
        }
    }

    /**
     * Serves them on the present event loop.
     *
     * @param metrics asked at every scrape; the same text is encoded once, while it is no older than they allow
     */
    public MetricsRoute(Vertx vertx, Supplier<Single<String>> metrics) {
        this.metrics = metrics;
        loop = RxHelper.scheduler(Context.newInstance(vertx.getOrCreateContext()));
    }

    @Override
    public boolean answer(WebExchange exchange) {
        if (!exchange.path().equals("/metrics")) {
            return false;
        }
        metrics.get()
                .observeOn(loop)
                .subscribe(
                        text -> exchange.end(OK, TEXT, encoded(text)),
                        failure -> {
                            LOG.warn("cannot read the metrics: {}", failure.toString());
                            exchange.end(FAILED, "cannot read the metrics; see the log\n");
                        },
                        subscriptions);
        return true;
    }

    private EncodedBody encoded(String text) {
        if (!exposition.isOf(text)) {
            exposition = Exposition.of(text);
        }
        return exposition.body();
    }

    @Override
    public void close() {
        subscriptions.dispose();
    }
}
