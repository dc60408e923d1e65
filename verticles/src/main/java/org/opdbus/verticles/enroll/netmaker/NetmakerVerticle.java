// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.rxjava3.core.AbstractVerticle;
import io.vertx.rxjava3.core.Context;
import io.vertx.rxjava3.core.RxHelper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.ContainerEvent.ContainerRemoved;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.AddressAssigned;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.Event;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.driver.ContainerDriver;
import org.opdbus.verticles.enroll.netmaker.NetmakerOptions.KeyOptions;
import org.opdbus.verticles.enroll.netmaker.guest.GuestDaemon;
import org.opdbus.verticles.enroll.netmaker.hosts.MeshHost;
import org.opdbus.verticles.enroll.netmaker.hosts.HostRecords;
import org.opdbus.verticles.enroll.netmaker.server.AdminApi;
import org.opdbus.verticles.enroll.netmaker.server.ApiClient;
import org.opdbus.verticles.enroll.netmaker.server.EnrollmentKeys;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps containers in the meshes that they are to be in. All state lives on this verticle's context; work that waits for
 * files, the kernel or servers waits on threads of its own or of the driver.
 *
 * <p>The driver must have a {@link org.opdbus.verticles.driver.CommandRunner} of its own: a join may take two minutes, and
 * as many joins run at a time as that runner runs programs.
 */
public final class NetmakerVerticle extends AbstractVerticle {
    /** What to do where netclient is in a container and its service is not installed. */
    public static final String INSTALL_REMEDY = GuestDaemon.INSTALL_REMEDY;

    private static final int WAITING_THREADS = 4;
    private static final Logger LOG = LoggerFactory.getLogger(NetmakerVerticle.class);

    private final Bus bus;
    private final NetmakerOptions options;
    private final ContainerDriver driver;
    private final MeshPolicy policy;
    private final CompositeDisposable subscriptions = new CompositeDisposable();
    private final ExecutorService threads;
    private @Nullable Scheduler scheduler;
    private @Nullable MeshContainers candidates;

    /** A keeper of meshes. */
    public NetmakerVerticle(Bus bus, NetmakerOptions options, ContainerDriver driver, MeshPolicy policy) {
        this.bus = bus;
        this.options = options;
        this.driver = driver;
        this.policy = policy;
        AtomicInteger number = new AtomicInteger();
        threads = Executors.newFixedThreadPool(WAITING_THREADS, work -> {
            Thread thread = new Thread(work, "op-dbus-netmaker-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public Completable rxStart() {
        Scheduler waiting = Schedulers.from(threads);
        return Single.fromCallable(() -> HostRecords.open(options.folder()))
                .subscribeOn(waiting)
                .observeOn(RxHelper.scheduler(Context.newInstance(context)))
                .flatMapCompletable(opened -> Completable.fromAction(() -> begin(opened, waiting)));
    }

    private void begin(HostRecords opened, Scheduler waiting) throws IOException {
        Scheduler own = RxHelper.scheduler(Context.newInstance(context));
        scheduler = own;
        MeshContainers all = new MeshContainers(
                policy,
                driver,
                options.times(),
                own,
                bus::publish,
                listener -> MeshWiring.of(options, driver, opened, own, waiting, bus::publish, listener));
        candidates = all;
        subscriptions.add(bus.subscribeAll(event -> hear(all, event)));
        if (!opened.orphans().isEmpty() || !opened.keys().isEmpty()) {
            all.left();
        }
        all.parts().mint().ifPresent(mint -> checkNetworks(mint, waiting));
    }

    /** Says at the start what would keep every container from joining with a key that is made for it. */
    private void checkNetworks(EnrollmentKeys mint, Scheduler waiting) {
        subscriptions.add(Completable.fromAction(mint::checkNetworks)
                .subscribeOn(waiting)
                .subscribe(
                        () -> LOG.debug("netmaker.api={} has the networks that keys lead into", mint.server()),
                        failure -> LOG.warn(
                                "netmaker.api={} no key can be made: {}{}",
                                mint.server(),
                                failure.getMessage(),
                                failure instanceof NetmakerException known
                                                && !known.remedy().isEmpty()
                                        ? "; " + known.remedy()
                                        : "")));
    }

    private static void hear(MeshContainers candidates, Event event) {
        if (event instanceof ContainerStarted started) {
            candidates.started(started);
        } else if (event instanceof ContainerStopped stopped) {
            candidates.stopped(stopped.container());
        } else if (event instanceof ContainerRemoved removed) {
            candidates.removed(removed.container());
        } else if (event instanceof ContainerEnrolled enrolled) {
            candidates.network(enrolled.container());
        } else if (event instanceof AddressAssigned assigned) {
            candidates.network(assigned.container());
        } else if (event instanceof ContainerEvent other) {
            candidates.defined(other.container());
        } else if (event instanceof SourceListed listed && listed.source() == Source.LXC) {
            candidates.listed();
        }
    }

    /** Looks at a container because what is wanted for it has changed. May be called from any thread. */
    public Completable look(ContainerId id) {
        return onContext(() -> {
                    started(candidates).look(id);
                    return true;
                })
                .ignoreElement();
    }

    /**
     * Takes a container out of its mesh, if it is in one: before it is destroyed, or when it is to be in none any more. It
     * joins again only when it starts next or {@link #look} is called. What cannot be done now is done later. A host that
     * another container has, too, stays. May be called from any thread; does not fail, and takes no longer than the limit
     * for leaving.
     *
     * @return whether nothing of it is left on a server
     */
    public Single<Boolean> leave(ContainerId id) {
        return onContext(() -> started(candidates).leave(id))
                .flatMap(left -> left)
                .flatMap(gone -> onContext(() -> {
                    if (!gone) {
                        started(candidates).left();
                    }
                    return gone;
                }));
    }

    /**
     * Makes sure that there is a token for this intent, or that a key could be made. Reads files; asks no server.
     *
     * @return fails with {@link NetmakerException}
     */
    public Completable check(MeshIntent intent) {
        return Completable.fromAction(() -> started(candidates).parts().tokens().check(intent))
                .subscribeOn(Schedulers.from(threads));
    }

    /** How every running container that is to be in a mesh stands with it. May be called from any thread. */
    public Single<List<MeshStatus>> status() {
        return onContext(() -> started(candidates).status());
    }

    /** The hosts that are left behind on servers, by the container that each was. May be called from any thread. */
    public Single<Map<ContainerId, List<String>>> leftBehind() {
        return onContext(() -> started(candidates).parts().records().orphans().stream()
                .collect(Collectors.groupingBy(
                        MeshHost::container,
                        Collectors.mapping(host -> host.hostId() + " on " + host.server(), Collectors.toList()))));
    }

    /**
     * What is left on servers according to the records in this folder, one line for each host or key; for a program that
     * runs no agent. Changes nothing.
     */
    public static List<String> leftBehind(Path folder) throws NetmakerException {
        return HostRecords.leftBehind(folder);
    }

    /**
     * Makes sure that the server has the networks that keys lead into; for a program that runs no agent. Waits for the
     * server, for 15 s at the most.
     *
     * @throws NetmakerException which says what is wrong
     */
    public static void checkNetworks(KeyOptions minting, Optional<Path> caFile)
            throws NetmakerException, InterruptedException {
        new AdminApi(minting.url(), minting.credentialFile(), new ApiClient(caFile))
                .requireNetworks(minting.networks());
    }

    private <T> Single<T> onContext(Callable<T> work) {
        return Single.defer(() -> Single.fromCallable(work).subscribeOn(started(scheduler)));
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the keeper of meshes has not been started");
        }
        return part;
    }

    @Override
    public Completable rxStop() {
        subscriptions.dispose();
        Optional.ofNullable(candidates).ifPresent(MeshContainers::end);
        threads.shutdown();
        return Completable.complete();
    }
}
