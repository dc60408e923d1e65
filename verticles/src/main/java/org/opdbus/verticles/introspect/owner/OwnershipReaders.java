// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import io.reactivex.rxjava3.core.Observable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks every reader once, beside each other, and puts their claims together.
 *
 * <p>Reading files goes on in four threads of its own at most. A thread whose file system does not answer stays occupied until
 * it does; the questions behind it end by their limit and say so. For any thread.
 */
public final class OwnershipReaders implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int WAITING_MAX = 64;
    private static final int IDLE_S = 5;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS, THREADS, IDLE_S, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING_MAX), task -> {
                Thread thread = new Thread(task, "op-dbus-owners");
                thread.setDaemon(true);
                return thread;
            });
    private final List<OwnershipReader> readers;
    private final Duration limit;

    OwnershipReaders(List<OwnershipReader> readers, Duration limit) {
        threads.allowCoreThreadTimeOut(true);
        this.readers = List.copyOf(readers);
        this.limit = limit;
    }

    /** Creates the readers of every owner; nothing is read yet. Close it. */
    public static OwnershipReaders of(Vertx vertx, OwnershipSources sources) {
        return new OwnershipReaders(List.of(), sources.limit());
    }

    /**
     * Returns the owners of these links, after the limit of a reader at the latest. Never fails: a reader that fails or is late
     * is a trouble in the answer.
     */
    public Single<Ownership> read(HostLinks host) {
        Scheduler scheduler = Schedulers.from(threads);
        return Observable.fromIterable(readers)
                .flatMapSingle(reader -> read(reader, host, scheduler))
                .toList()
                .map(Ownership::of);
    }

    private Single<Findings> read(OwnershipReader reader, HostLinks host, Scheduler scheduler) {
        return Single.defer(() -> reader.read(host))
                .subscribeOn(scheduler)
                .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .onErrorReturn(failure -> Findings.trouble(trouble(reader, failure)));
    }

    private String trouble(OwnershipReader reader, Throwable failure) {
        String why = failure instanceof TimeoutException
                ? "there was no answer in " + limit.toMillis() + " ms"
                : String.valueOf(failure.getMessage());
        return reader.subject() + ": " + why + "; links that it owns may show no owner";
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
