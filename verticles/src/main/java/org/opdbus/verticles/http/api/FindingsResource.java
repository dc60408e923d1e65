// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong on this host. The host is examined when a caller asks, by one examination at a time, whose result is shown to all who ask
 * within {@value #KEPT_S} s. For the event loop.
 */
final class FindingsResource implements AutoCloseable {
    static final int KEPT_S = 30;
    private static final long LIMIT_S = 30;

    private final Supplier<Single<JsonArray>> findings;
    private final FileThreads threads;
    private final InstantSource clock;
    private final CompositeDisposable underWay = new CompositeDisposable();
    private @Nullable Single<ApiAnswer> examination;
    private Instant begun = Instant.MIN;

    FindingsResource(Supplier<Single<JsonArray>> findings, FileThreads threads, InstantSource clock) {
        this.findings = findings;
        this.threads = threads;
        this.clock = clock;
    }

    Resource resource() {
        return new Resource("/findings", List.of(), this::answer);
    }

    private void answer(ApiRequest request) {
        examination()
                .subscribe(
                        answer -> threads.onLoop(() -> request.end(answer)),
                        failure -> threads.onLoop(() -> {
                            examination = null;
                            request.end(ApiProblem.failed(
                                    "the examination of this host failed: " + failure.getMessage(),
                                    "op-dbus doctor examines it outside of the agent"));
                        }),
                        underWay);
    }

    private Single<ApiAnswer> examination() {
        Instant now = clock.instant();
        Single<ApiAnswer> known = examination;
        if (known != null && now.isBefore(begun.plusSeconds(KEPT_S)) && !now.isBefore(begun)) {
            return known;
        }
        Single<ApiAnswer> made = Single.defer(findings::get)
                .timeout(LIMIT_S, TimeUnit.SECONDS)
                .map(items -> ApiAnswer.of(new JsonObject()
                        .put("time", now.truncatedTo(ChronoUnit.MILLIS).toString())
                        .put("items", items)))
                .cache();
        examination = made;
        begun = now;
        return made;
    }

    @Override
    public void close() {
        underWay.dispose();
    }
}
