// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.Program;
import org.opdbus.agent.systemd.ServiceManager;
import org.opdbus.agent.systemd.ServiceVerticle;
import org.opdbus.agent.wiring.EventLoops.Loop;
import org.opdbus.agent.wiring.EventLoops.Placed;
import org.opdbus.config.AgentConfig;
import org.opdbus.events.Address;
import org.opdbus.events.AgentEvent.AgentStarted;
import org.opdbus.events.AgentEvent.AgentStopping;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.ledger.Ledger;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.bus.VertxSettings;
import org.opdbus.verticles.cluster.ClusterVerticle;
import org.opdbus.verticles.commit.Boot;
import org.opdbus.verticles.commit.LedgerEvents;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.edges.Edges;
import org.opdbus.verticles.edges.KernelLinks;
import org.opdbus.verticles.enroll.netmaker.NetmakerVerticle;
import org.opdbus.verticles.fuse.FuseVerticle;
import org.opdbus.verticles.fuse.MountOptions;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.LiveInventory;
import org.opdbus.verticles.journal.ClockWatch;
import org.opdbus.verticles.limits.LimitedTransport;
import org.opdbus.verticles.membership.Membership;
import org.opdbus.verticles.membership.trust.MembershipException;
import org.opdbus.verticles.reconcile.ReconcileVerticle;
import org.opdbus.verticles.state.reload.LoggedProgress;
import org.opdbus.verticles.state.reload.StateFileWatch;
import org.opdbus.verticles.view.Enrollment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running agent: what it holds open, in the order in which it is opened and closed. */
public final class Agent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus");
    private static final long RECORD_LIMIT_MS = 2_000;
    private static final long STOP_LIMIT_MS = 10_000;
    private static final long HEARD_LIMIT_MS = 10_000;

    private final AgentConfig config;
    private final Role role;
    private final Optional<FileLedger> ledger;
    private final KernelLinks links;
    private final CommandRunner runner = new CommandRunner();
    private final CommandRunner joins = new CommandRunner(NetmakerVerticle.COMMANDS_MAX);
    private final Vertx vertx;
    private final EventLoops loops;
    private final Bus bus;
    private @Nullable Deployment deployment;
    private Optional<StateFileWatch> stateFile = Optional.empty();
    private Optional<ServiceVerticle> service = Optional.empty();
    private Optional<Membership> membership = Optional.empty();
    private final CompositeDisposable reloads = new CompositeDisposable();
    private final CompletableFuture<Throwable> defect = new CompletableFuture<>();
    private Disposable remembering = Disposable.disposed();
    private Disposable watchingClock = Disposable.disposed();
    private Disposable sayingLost = Disposable.disposed();
    private Disposable seeing = Disposable.disposed();

    private Agent(AgentConfig config, Role role, Optional<FileLedger> ledger, KernelLinks links, Vertx vertx) {
        this.config = config;
        this.role = role;
        this.ledger = ledger;
        this.links = links;
        this.vertx = vertx;
        loops = new EventLoops(vertx);
        bus = new Bus(vertx);
        vertx.exceptionHandler(this::broke);
        RxJavaPlugins.setErrorHandler(Agent::undeliverable);
    }

    /** The caller has gone before the answer came, as happens while the agent stops. */
    private static void undeliverable(Throwable failure) {
        LOG.warn("a failure came too late for its caller: {}", failure.toString());
    }

    private void broke(Throwable failure) {
        LOG.error("agent.broke: a defect; the agent ends so that it is started anew", failure);
        defect.complete(failure);
    }

    /** Completes if the agent can go on no more because of a defect of its own. */
    public CompletableFuture<Throwable> defect() {
        return defect;
    }

    /**
     * Opens everything and begins to listen; returns when every verticle is deployed, whether or not Open vSwitch can be
     * reached.
     *
     * @throws IOException if a folder cannot be made
     * @throws MembershipException NO_IDENTITY if this host is to take part in a cluster and has not joined one
     */
    public static Agent start(AgentConfig config) throws IOException {
        return start(config, UnaryOperator.identity(), InstantSource.system());
    }

    /** Starts an agent as {@link #start(AgentConfig)} does, with wrapped edges and this clock. */
    static Agent start(AgentConfig config, UnaryOperator<Edges> wrapped, InstantSource clock) throws IOException {
        Files.createDirectories(config.runtime().dir());
        return start(config, Role.SERVE, wrapped, clock);
    }

    /**
     * An agent for one command, while none serves this host; returns when everything that exists has been heard, or after
     * {@value #HEARD_LIMIT_MS} ms.
     *
     * @param role not {@link Role#SERVE}
     * @throws IOException if a folder cannot be made
     */
    public static Agent attend(AgentConfig config, Role role) throws IOException {
        Agent agent = start(config, role, UnaryOperator.identity(), InstantSource.system());
        Set<Source> present = HostSources.present(config.workloads());
        if (!agent.reconcile().idle(present).blockingAwait(HEARD_LIMIT_MS, TimeUnit.MILLISECONDS)) {
            LOG.warn("not everything was heard of within {} ms; what is not is taken for absent", HEARD_LIMIT_MS);
        }
        return agent;
    }

    /**
     * Waits until no step is in progress, but no longer than {@value #HEARD_LIMIT_MS} ms. A command that finds everything as wanted can
     * still have begun a step: one that records what an earlier process did and was killed before it recorded it.
     */
    public void finishSteps() {
        if (!reconcile().idle().blockingAwait(HEARD_LIMIT_MS, TimeUnit.MILLISECONDS)) {
            LOG.warn(
                    "a step is still in progress after {} ms; the next agent or command does it again", HEARD_LIMIT_MS);
        }
    }

    private static Agent start(AgentConfig config, Role role, UnaryOperator<Edges> wrapped, InstantSource clock)
            throws IOException {
        KernelLinks links = KernelLinks.open();
        LedgerEvents ledgerEvents = new LedgerEvents();
        Optional<FileLedger> ledger =
                role == Role.OBSERVE ? Optional.empty() : Optional.of(openLedger(config, ledgerEvents, clock));
        // One loop for the sources and handlers, one for callers; file work is rare and short.
        Vertx vertx = Vertx.builder()
                .with(VertxSettings.common()
                        .setEventLoopPoolSize(2)
                        .setWorkerPoolSize(2)
                        .setInternalBlockingPoolSize(2))
                .withTransport(LimitedTransport.create())
                .build();
        Agent agent = new Agent(config, role, ledger, links, vertx);
        ledgerEvents.publishTo(agent.bus);
        if (role == Role.SERVE) {
            agent.watch(new ClockWatch(clock, System::nanoTime));
        } else {
            agent.sayWhatIsNotHeard();
        }
        if (role == Role.SERVE && config.cluster().enabled()) {
            // Reads files, and goes on by itself on a thread of its own: enrolment neither waits for it nor hears of
            // it.
            agent.membership = ClusterMembership.open(config);
        }
        agent.begin(wrapped);
        return agent;
    }

    /** The kernel's links are listed once a minute whatever happens, which is often enough to look at a clock. */
    private void watch(ClockWatch clock) {
        watchingClock = bus.subscribe(Address.SOURCE_LISTED, listed -> clock.look());
    }

    /** A command says to its user what an agent has in its journal: without an engine's word, its containers are not in the answer. */
    private void sayWhatIsNotHeard() {
        sayingLost = bus.subscribe(Address.SOURCE_LOST, lost -> {
            if (!lost.source().isEverywhere()) {
                LOG.warn("{}", lost.reason());
            }
        });
    }

    private static FileLedger openLedger(AgentConfig config, LedgerEvents events, InstantSource clock)
            throws IOException {
        makePrivate(config.ledger().dir());
        return FileLedger.open(LedgerOptions.of(config.ledger().dir(), config.host())
                .withKeyFile(config.ledger().keyFile())
                .withSegmentBytesMax(config.ledger().segmentBytesMax())
                .withClock(clock)
                .withListener(events));
    }

    private static void makePrivate(Path folder) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private void begin(UnaryOperator<Edges> wrapped) throws IOException {
        LiveInventory inventory = new LiveInventory(HostFacts.atStart(
                config.host(), Program.version(), Instant.now().truncatedTo(ChronoUnit.MILLIS)));
        Optional<AllHosts> allHosts = membership.flatMap(member -> ledger.map(opened -> new AllHosts(
                config.host(),
                member::members,
                () -> height(opened),
                () -> inventory.current().peersByName())));
        Deployment made = new Deployment(
                new Deployment.Frame(config, role, bus, inventory),
                new Deployment.Tools(links, runner, joins, wrapped),
                new Deployment.Recorded(ledger, ledger.isPresent() ? openEnrollments() : List.of()),
                allHosts);
        deployment = made;
        // Before any other verticle publishes: what is shared has no hole at its beginning.
        allHosts.ifPresent(
                all -> membership.ifPresent(member -> ledger.ifPresent(opened -> share(opened, member, all, made))));
        made.handlers().concatMapCompletable(loops::deploy).blockingAwait();
        if (role == Role.SERVE) {
            tellServiceManager(inventory, made.reconcile());
            bus.publish(new AgentStarted(
                    config.host(), Program.version(), Boot.read().id()));
        }
        made.sources().concatMapCompletable(loops::deploy).blockingAwait();
        if (role == Role.SERVE && config.state().watch()) {
            stateFile = Optional.of(StateFileWatch.of(config.state().file(), this::reload));
        }
    }

    private static long height(FileLedger ledger) {
        return ledger.head().map(Ledger.Head::height).orElse(0L);
    }

    private void share(FileLedger opened, Membership member, AllHosts all, Deployment made) {
        ClusterVerticle cluster = SharedFacts.of(config, bus, opened, member, all.listener(made.containers()));
        seeing = all.see(cluster);
        loops.deploy(new Placed(cluster, Loop.CALLERS))
                .doOnError(
                        e -> LOG.error("cluster: nothing is shared with other hosts until the agent is restarted", e))
                .onErrorComplete()
                .blockingAwait();
    }

    private void tellServiceManager(LiveInventory inventory, ReconcileVerticle reconcile) {
        service = ServiceManager.of(System.getenv(), ProcessHandle.current().pid())
                .map(manager -> new ServiceVerticle(
                        manager,
                        inventory,
                        Completable.defer(() -> reconcile.load().ignoreElement())));
        service.ifPresent(
                verticle -> loops.deploy(new Placed(verticle, Loop.ENROLMENT)).blockingAwait());
    }

    /** Tells the service manager, if there is one, as soon as every source has listed; signals can be taken from now on. */
    public void begun() {
        service.ifPresent(ServiceVerticle::begun);
    }

    /**
     * Mounts the host as files; returns when they can be read. They are unmounted when the agent closes.
     *
     * @throws RuntimeException whose cause is an {@link IOException} with a remedy, if they cannot be mounted
     */
    public FuseVerticle mount(MountOptions options) {
        FuseVerticle files = deployed().files(options).required();
        loops.deploy(new Placed(files, Loop.CALLERS)).blockingAwait();
        return files;
    }

    private ReconcileVerticle reconcile() {
        return deployed().reconcile();
    }

    /** What can be asked of it. */
    public Operations operations() {
        return deployed().operations();
    }

    private Deployment deployed() {
        Deployment made = deployment;
        if (made == null) {
            throw new IllegalStateException("the agent has not begun");
        }
        return made;
    }

    /** Applies the state file of the configuration, and says in the log what came of it. */
    public void reload() {
        service.ifPresent(ServiceVerticle::reloading);
        operations()
                .applyFile(new LoggedProgress())
                .doFinally(() -> service.ifPresent(ServiceVerticle::reloaded))
                .subscribe(LoggedProgress::finished, LoggedProgress::refused, reloads);
    }

    private Collection<Enrollment> openEnrollments() throws IOException {
        EnrollmentMemory memory = EnrollmentMemory.of(config.ledger().dir());
        remembering = memory.keep(bus, vertx);
        return memory.read();
    }

    /** Stops in an orderly way, and on record; ports stay, so containers notice nothing. */
    public void stop(String reason) {
        service.ifPresent(ServiceVerticle::stopping);
        AgentStopping stopping = new AgentStopping(config.host(), reason);
        CountDownLatch recorded = new CountDownLatch(1);
        Disposable listening = bus.subscribe(Address.ENTRY_COMMITTED, committed -> {
            if (committed.fact().equals(stopping)) {
                recorded.countDown();
            }
        });
        bus.publish(stopping);
        try {
            if (!recorded.await(RECORD_LIMIT_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("agent.stopping is not on record: the ledger did not take it in {} ms", RECORD_LIMIT_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listening.dispose();
        close();
    }

    /** The last that was opened goes first: the sources fall silent before those who listen to them leave. */
    @Override
    public void close() {
        membership.ifPresent(Membership::close);
        stateFile.ifPresent(StateFileWatch::close);
        reloads.dispose();
        remembering.dispose();
        watchingClock.dispose();
        sayingLost.dispose();
        seeing.dispose();
        boolean stopped = loops.stop()
                .andThen(Completable.defer(
                        () -> Completable.fromCompletionStage(vertx.close().toCompletionStage())))
                .blockingAwait(STOP_LIMIT_MS, TimeUnit.MILLISECONDS);
        runner.close();
        joins.close();
        links.close();
        ledger.ifPresent(FileLedger::close);
        if (!stopped) {
            throw new IllegalStateException("the verticles did not stop within " + STOP_LIMIT_MS + " ms");
        }
    }
}
