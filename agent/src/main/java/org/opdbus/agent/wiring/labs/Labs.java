// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring.labs;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.processors.BehaviorProcessor;
import io.reactivex.rxjava3.processors.FlowableProcessor;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.rxjava3.core.AbstractVerticle;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.config.AgentConfig;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.driver.lxc.LxcDriver;
import org.opdbus.verticles.lab.LabService;
import org.opdbus.verticles.lab.plan.LabStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The labs of a host whose agent serves. Nothing of them is made before there is one: at the start of the agent if this host has a
 * definition or a lab that runs, otherwise with the first request about labs.
 */
public final class Labs extends AbstractVerticle {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.lab");
    private static final String FOLDER = "labs";

    private final Edges edges;
    private final FlowableProcessor<List<LabStatus>> all =
            BehaviorProcessor.createDefault(List.<LabStatus>of()).toSerialized();
    private final CompositeDisposable work = new CompositeDisposable();
    private @Nullable OpenLabs open;
    private boolean closed;

    /**
     * What the labs are joined to.
     *
     * @param definitions the folder of their definitions, such as {@code /var/lib/op-dbus/labs}
     * @param runtime the agent's folder for what lives as long as it runs, such as {@code /run/op-dbus}
     * @param containers the driver of the containers of plain LXC
     * @param docker where Docker listens; empty if the agent does not look at Docker
     */
    record Edges(Path definitions, Path runtime, Bus bus, LxcDriver containers, Optional<Path> docker) {}

    private Labs(Edges edges) {
        this.edges = edges;
    }

    /** Returns the labs of a host with this configuration. */
    public static Labs of(AgentConfig config, Bus bus, CommandRunner runner) {
        Path state = Optional.ofNullable(config.ledger().dir().toAbsolutePath().getParent())
                .orElse(Path.of("/"));
        return new Labs(new Edges(
                state.resolve(FOLDER),
                config.runtime().dir(),
                bus,
                new LxcDriver(runner, config.lxc().path()),
                config.workloads().docker().path()));
    }

    /** The agent does not wait for labs: its containers do not depend on them. */
    @Override
    public Completable rxStart() {
        return Completable.fromAction(() -> work.add(Single.fromCallable(this::isThereOne)
                .filter(Boolean::booleanValue)
                .flatMapSingle(there -> labs())
                .subscribeOn(Schedulers.io())
                .subscribe(
                        opened -> LOG.debug("the labs of this host are kept"),
                        failure -> LOG.error(
                                "lab problem=\"the labs of this host are not kept: {}\" note=\"it is tried again with the next request\"",
                                failure.toString()))));
    }

    @Override
    public Completable rxStop() {
        return Completable.fromAction(this::close).subscribeOn(Schedulers.io());
    }

    private boolean isThereOne() throws IOException {
        return isFilled(edges.definitions()) || isFilled(edges.runtime().resolve(FOLDER));
    }

    private static boolean isFilled(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            return entries.iterator().hasNext();
        } catch (NoSuchFileException none) {
            return false;
        }
    }

    /** Returns what does things with labs; it is made with the first call. */
    Single<LabService> labs() {
        return Single.fromCallable(() -> opened().service()).subscribeOn(Schedulers.io());
    }

    /** Returns how all labs are, and again after each change; none before there is one. */
    public Flowable<List<LabStatus>> all() {
        return all.onBackpressureLatest();
    }

    private synchronized OpenLabs opened() {
        if (closed) {
            throw new IllegalStateException("the agent is stopping");
        }
        OpenLabs present = open;
        if (present == null) {
            present = OpenLabs.open(edges, context);
            work.add(present.service()
                    .all()
                    .subscribe(
                            labs -> all.onNext(labs),
                            failure -> LOG.error("lab problem=\"changes are not shown any more\"", failure)));
            open = present;
        }
        return present;
    }

    private synchronized void close() {
        closed = true;
        work.dispose();
        if (open != null) {
            open.close();
        }
    }
}
