// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.rxjava3.core.AbstractVerticle;
import io.vertx.rxjava3.core.Context;
import io.vertx.rxjava3.core.RxHelper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
import org.opdbus.verticles.netmaker.MeshStatus.Phase;
import org.opdbus.verticles.netmaker.NetmakerOptions.Minting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps containers in the meshes that they are to be in. All state lives on this verticle's context; whatever waits, waits
 * on threads of its own or of the driver.
 *
 * <p>The driver must have a {@link org.opdbus.verticles.driver.CommandRunner} of its own: a join may take two minutes, and
 * as many joins run at a time as that runner runs programs.
 */
public final class NetmakerVerticle extends AbstractVerticle {
    private static final int WAITING_THREADS = 4;
    private static final long LINK_SETTLES_MS = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(NetmakerVerticle.class);

    private final Bus bus;
    private final NetmakerOptions options;
    private final ContainerDriver driver;
    private final MeshPolicy policy;
    private final Map<ContainerId, Candidate> candidates = new HashMap<>();
    private final CompositeDisposable subscriptions = new CompositeDisposable();
    private final ExecutorService threads;
    private @Nullable Scheduler scheduler;
    private @Nullable MeshLook looks;
    private @Nullable Departures departures;
    private @Nullable MeshRecords records;
    private @Nullable Tokens tokens;
    private @Nullable ServerOpinions opinions;
    private @Nullable Cleaning cleaning;
    private @Nullable MeshWatch watch;

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

    /** A container that runs or did, and what is under way with it. */
    private static final class Candidate {
        long initPid;
        long watchedPid;
        Optional<Path> rootfs = Optional.empty();
        boolean leaving;
        boolean again;
        MeshState state = MeshState.fresh(0);
        Disposable work = Disposable.disposed();
        Disposable timer = Disposable.disposed();
        Disposable settling = Disposable.disposed();

        void rest() {
            again = false;
            work.dispose();
            timer.dispose();
            settling.dispose();
        }
    }

    @Override
    public Completable rxStart() {
        Scheduler waiting = Schedulers.from(threads);
        return Single.fromCallable(() -> MeshRecords.open(options.folder()))
                .subscribeOn(waiting)
                .observeOn(RxHelper.scheduler(Context.newInstance(context)))
                .flatMapCompletable(opened -> Completable.fromAction(() -> begin(opened, waiting)));
    }

    private void begin(MeshRecords opened, Scheduler waiting) throws IOException {
        GuestCommands commands =
                new GuestCommands(driver, options.netclient(), options.times().join());
        scheduler = RxHelper.scheduler(Context.newInstance(context));
        records = opened;
        ApiClient client = new ApiClient(options.caFile());
        ServerApi api = new ServerApi(client);
        Optional<KeyMint> mint = options.minting().map(minting -> new KeyMint(minting, client, opened));
        ServerOpinions heard = new ServerOpinions(api, options.times().status());
        opinions = heard;
        Tokens sources = new Tokens(options.envFile(), mint);
        tokens = sources;
        looks = new MeshLook(
                options,
                commands,
                opened,
                sources,
                heard,
                new Joins(
                        commands, opened, sources, waiting, () -> onScheduler().scheduleDirect(this::clean)),
                waiting);
        departures =
                new Departures(options.times().leave(), sources, mint, commands, opened, api, waiting, bus::publish);
        cleaning = new Cleaning(departures.clean(), onScheduler(), options.times());
        List<Path> files = new ArrayList<>(List.of(options.envFile()));
        options.minting().map(Minting::credentialFile).ifPresent(files::add);
        watch = new MeshWatch(
                files,
                id -> onScheduler().scheduleDirect(() -> linkChanged(id)),
                () -> onScheduler().scheduleDirect(this::filesChanged));
        subscriptions.add(bus.subscribeAll(this::hear));
        if (!opened.orphans().isEmpty() || !opened.keys().isEmpty()) {
            clean();
        }
    }

    private void hear(Event event) {
        if (event instanceof ContainerStarted started) {
            started(started);
        } else if (event instanceof ContainerStopped stopped) {
            stopped(stopped.container().id());
        } else if (event instanceof ContainerRemoved removed) {
            stopped(removed.container().id());
            candidates.remove(removed.container().id());
            removeIfGone(removed.container().id());
        } else if (event instanceof ContainerEnrolled enrolled) {
            network(enrolled.container());
        } else if (event instanceof AddressAssigned assigned) {
            network(assigned.container());
        } else if (event instanceof ContainerEvent other) {
            candidates.computeIfAbsent(other.container().id(), id -> new Candidate());
        } else if (event instanceof SourceListed listed && listed.source() == Source.LXC) {
            onRecords().members().stream()
                    .map(MeshHost::container)
                    .filter(id -> !candidates.containsKey(id))
                    .forEach(this::removeIfGone);
        }
    }

    private void started(ContainerStarted started) {
        ContainerId id = started.container().id();
        Candidate candidate = candidates.computeIfAbsent(id, unknown -> new Candidate());
        if (candidate.initPid == started.initPid()) {
            return;
        }
        candidate.rest();
        candidate.initPid = started.initPid();
        candidate.rootfs = Optional.of(Path.of(started.container().lxcPath(), id.value(), "rootfs"));
        candidate.leaving = false;
        candidate.state = MeshState.fresh(nowMs());
        look(id, candidate);
    }

    private void stopped(ContainerId id) {
        started(opinions).forget(id);
        started(watch).end(id);
        Candidate candidate = candidates.get(id);
        if (candidate != null) {
            candidate.rest();
            candidate.initPid = 0;
            candidate.watchedPid = 0;
            candidate.state = MeshState.fresh(nowMs());
        }
    }

    /** Something about the container's network is new: what was waited for may be there. */
    private void network(ContainerId id) {
        Candidate candidate = candidates.get(id);
        if (candidate != null && candidate.state.nodes().isEmpty()) {
            look(id, candidate);
        }
    }

    private void look(ContainerId id, Candidate candidate) {
        Optional<MeshIntent> intent = policy.intentFor(id);
        MeshLook looks = this.looks;
        if (candidate.initPid == 0 || candidate.leaving || intent.isEmpty() || looks == null) {
            return;
        }
        if (!candidate.work.isDisposed()) {
            candidate.again = true;
            return;
        }
        if (candidate.watchedPid != candidate.initPid) {
            candidate.watchedPid = candidate.initPid;
            started(watch).begin(id, candidate.initPid);
        }
        candidate.timer.dispose();
        candidate.again = false;
        // The state says whether a look is under way, so it is settled before the result is dealt with.
        candidate.work = looks.look(id, candidate.initPid, intent.get(), candidate.state)
                .observeOn(onScheduler())
                .subscribe(seen -> seen(id, candidate, seen), defect -> defect(id, candidate, defect));
    }

    private void seen(ContainerId id, Candidate candidate, Seen seen) {
        MeshState.Step step = candidate.state.after(
                id, seen, nowMs(), options.times(), ThreadLocalRandom.current().nextDouble());
        candidate.state = step.next();
        step.facts().forEach(bus::publish);
        if (!step.next().why().isEmpty()) {
            LOG.debug(
                    "container={} phase={} attempt={} {}",
                    id,
                    step.next().phase(),
                    step.next().attempts(),
                    step.next().why());
        }
        next(id, candidate, step.againMs());
    }

    private void defect(ContainerId id, Candidate candidate, Throwable defect) {
        LOG.error("container={} cannot be looked at", id, defect);
        next(id, candidate, options.times().retryLast().toMillis());
    }

    private void next(ContainerId id, Candidate candidate, long againMs) {
        candidate.timer.dispose();
        candidate.timer = onScheduler()
                .scheduleDirect(() -> look(id, candidate), candidate.again ? 1 : againMs, TimeUnit.MILLISECONDS);
    }

    /** Removes the host of a container that is gone, once the driver says so too. */
    private void removeIfGone(ContainerId id) {
        if (onRecords().member(id).isEmpty()) {
            return;
        }
        subscriptions.add(driver.exists(id)
                .flatMap(exists -> exists ? Single.just(false) : leaving().gone(id))
                .observeOn(onScheduler())
                .subscribe(
                        abandoned -> {
                            if (abandoned) {
                                clean();
                            }
                        },
                        failure -> LOG.warn("container={} may be gone: {}", id, failure.getMessage())));
    }

    /** An interface of a mesh came or went in a container. One that is being repaired is looked at after each attempt. */
    private void linkChanged(ContainerId id) {
        Candidate candidate = candidates.get(id);
        if (candidate == null || !candidate.settling.isDisposed()) {
            return;
        }
        Phase phase = candidate.state.phase();
        if (phase == Phase.CONFIRMING || phase == Phase.UNCONFIRMED) {
            look(id, candidate);
        } else if (phase == Phase.JOINED || phase == Phase.DEGRADED) {
            // It goes, too, when a container stops, and that is no loss.
            candidate.settling =
                    onScheduler().scheduleDirect(() -> look(id, candidate), LINK_SETTLES_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** The file of tokens or the credential may be what was missing. */
    private void filesChanged() {
        candidates.forEach((id, candidate) -> {
            if (!candidate.state.remedy().isEmpty()) {
                look(id, candidate);
            }
        });
    }

    private void clean() {
        started(cleaning).begin();
    }

    /** Looks at a container because what is wanted for it has changed. May be called from any thread. */
    public Completable look(ContainerId id) {
        return onContext(() -> {
                    Candidate candidate = candidates.get(id);
                    if (candidate != null) {
                        candidate.rest();
                        candidate.leaving = false;
                        candidate.state = MeshState.fresh(nowMs());
                        look(id, candidate);
                    }
                    return true;
                })
                .ignoreElement();
    }

    /**
     * Takes a container out of its mesh, if it is in one: before it is destroyed, or when it is to be in none any more. It
     * joins again only when it starts next or {@link #look} is called. What cannot be done now is done later. May be called
     * from any thread; does not fail, and takes no longer than the limit for leaving.
     *
     * @return whether nothing of it is left on a server
     */
    public Single<Boolean> leave(ContainerId id) {
        return onContext(() -> {
                    Candidate candidate = candidates.computeIfAbsent(id, unknown -> new Candidate());
                    candidate.rest();
                    candidate.leaving = true;
                    candidate.watchedPid = 0;
                    started(watch).end(id);
                    boolean running = candidate.initPid != 0;
                    Optional<Path> root = running ? Optional.of(MeshLook.root(candidate.initPid)) : candidate.rootfs;
                    return leaving().leave(id, root, running, policy.intentFor(id));
                })
                .flatMap(left -> left)
                .observeOn(onScheduler())
                .doOnSuccess(gone -> {
                    if (!gone) {
                        clean();
                    }
                });
    }

    /**
     * Makes sure that there is a token for this intent, or that a key could be made. Reads files; asks nobody.
     *
     * @return fails with {@link NetmakerException}
     */
    public Completable check(MeshIntent intent) {
        return Completable.fromAction(() -> started(tokens).check(intent)).subscribeOn(Schedulers.from(threads));
    }

    /** How every running container that is to be in a mesh stands with it. May be called from any thread. */
    public Single<List<MeshStatus>> status() {
        return onContext(() -> candidates.entrySet().stream()
                .filter(entry -> entry.getValue().initPid != 0
                        && policy.intentFor(entry.getKey()).isPresent())
                .map(entry -> status(entry.getKey(), entry.getValue().state))
                .toList());
    }

    private static MeshStatus status(ContainerId id, MeshState state) {
        return new MeshStatus(id, state.phase(), state.attempts(), state.why(), state.remedy(), state.nodes());
    }

    /**
     * What is left on servers according to the records in this folder, one line for each host or key; for whoever runs no
     * agent. Changes nothing.
     */
    public static List<String> leftBehind(Path folder) throws NetmakerException {
        return MeshRecords.leftBehind(folder);
    }

    private static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }

    private <T> Single<T> onContext(Callable<T> work) {
        return Single.defer(() -> Single.fromCallable(work).subscribeOn(onScheduler()));
    }

    private Scheduler onScheduler() {
        return started(scheduler);
    }

    private MeshRecords onRecords() {
        return started(records);
    }

    private Departures leaving() {
        return started(departures);
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
        Optional.ofNullable(cleaning).ifPresent(Cleaning::end);
        Optional.ofNullable(watch).ifPresent(MeshWatch::close);
        candidates.values().forEach(Candidate::rest);
        threads.shutdown();
        return Completable.complete();
    }
}
