// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import io.reactivex.rxjava3.core.Observable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.opdbus.verticles.files.HostFiles;
import org.opdbus.verticles.limits.IdleThreads;

/**
 * Asks every reader once, beside each other, and puts their claims together.
 *
 * <p>Reading files goes on in a few threads of its own. A thread whose file system does not answer stays occupied until it
 * does, and the reader whose file system it is does not occupy another one then. For any thread.
 */
public final class OwnershipReaders implements AutoCloseable {
    private static final int THREADS = 8;
    private static final int WAITING_MAX = 256;

    private final ThreadPoolExecutor threads = IdleThreads.of("op-dbus-owners", THREADS, WAITING_MAX);
    private final List<OwnershipReader> readers;
    private final Authors authors;
    private final OwnershipSources sources;

    OwnershipReaders(List<OwnershipReader> readers, OwnershipSources sources) {
        this.readers = List.copyOf(readers);
        authors = new Authors(new HostFiles(sources.root()));
        this.sources = sources;
    }

    /** Creates the readers of every owner; nothing is read yet. Close it. */
    public static OwnershipReaders of(Vertx vertx, OwnershipSources sources) {
        HostFiles files = new HostFiles(sources.root());
        return new OwnershipReaders(
                List.of(
                        new PortReader(),
                        new ContainerReader(files),
                        new ProxmoxReader(files),
                        new NetworkdReader(files),
                        new IfupdownReader(files),
                        new ResolverReader(files),
                        new NetworkManagerReader(new SystemBus(vertx, sources.bus(), sources.answer())),
                        new DockerReader(vertx, sources)),
                sources);
    }

    /**
     * Returns the owners of these links, after twice the limit of one reader at the latest. Never fails: a reader that fails or is late
     * is a trouble in the answer.
     */
    public Single<Ownership> read(HostLinks host) {
        Scheduler scheduler = Schedulers.from(threads);
        return Observable.fromIterable(readers)
                .flatMapSingle(reader -> limited(
                        reader.subject(), Single.defer(() -> reader.read(host)).subscribeOn(scheduler)))
                .toList()
                .flatMap(answers -> withAuthors(answers, scheduler))
                .map(Ownership::of);
    }

    private Single<List<Findings>> withAuthors(List<Findings> answers, Scheduler scheduler) {
        List<Claim> claims =
                answers.stream().flatMap(answer -> answer.claims().stream()).toList();
        return limited("netplan", Single.fromCallable(() -> authors.of(claims)).subscribeOn(scheduler))
                .map(found -> Stream.concat(answers.stream(), Stream.of(found)).toList());
    }

    private Single<Findings> limited(String subject, Single<Findings> reading) {
        return reading.timeout(sources.whole().toMillis(), TimeUnit.MILLISECONDS)
                .onErrorReturn(failure -> Findings.trouble(subject
                        + ": "
                        + (failure instanceof TimeoutException ? "there was no answer in time" : failure.getMessage())
                        + "; links that it owns may show no owner"));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
