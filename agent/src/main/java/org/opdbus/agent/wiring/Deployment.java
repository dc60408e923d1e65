// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Deployable;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.opdbus.agent.wiring.EventLoops.Loop;
import org.opdbus.agent.wiring.EventLoops.Placed;
import org.opdbus.agent.wiring.InventoryFeeds.Meshes;
import org.opdbus.agent.wiring.InventoryFeeds.Others;
import org.opdbus.agent.wiring.labs.LabRequests;
import org.opdbus.agent.wiring.labs.Labs;
import org.opdbus.agent.wiring.state.StateRequests;
import org.opdbus.agent.wiring.uplinks.UplinkRequests;
import org.opdbus.agent.wiring.uplinks.Uplinks;
import org.opdbus.agent.wiring.web.WebFaces;
import org.opdbus.config.AgentConfig;
import org.opdbus.config.EnrollmentConfig.OnDrift;
import org.opdbus.ledger.Ledger;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.commit.CommitVerticle;
import org.opdbus.verticles.control.ControlOptions;
import org.opdbus.verticles.control.ControlVerticle;
import org.opdbus.verticles.control.PeerNews;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.driver.ContainerDriver;
import org.opdbus.verticles.edges.Edges;
import org.opdbus.verticles.edges.LinkWork;
import org.opdbus.verticles.enroll.netmaker.NetmakerVerticle;
import org.opdbus.verticles.fuse.MountOptions;
import org.opdbus.verticles.hotpath.HotPath;
import org.opdbus.verticles.http.HttpAccess;
import org.opdbus.verticles.http.HttpVerticle;
import org.opdbus.verticles.introspect.IntrospectVerticle;
import org.opdbus.verticles.introspect.owner.OwnershipSources;
import org.opdbus.verticles.inventory.InventoryVerticle;
import org.opdbus.verticles.inventory.LiveInventory;
import org.opdbus.verticles.journal.JournalVerticle;
import org.opdbus.verticles.limits.ByteBudget;
import org.opdbus.verticles.metrics.MetricsVerticle;
import org.opdbus.verticles.nonnet.NonNetOptions;
import org.opdbus.verticles.nonnet.NonNetVerticle;
import org.opdbus.verticles.reconcile.ReconcileOptions;
import org.opdbus.verticles.reconcile.ReconcileVerticle;
import org.opdbus.verticles.rename.NamingRule;
import org.opdbus.verticles.state.Applier;
import org.opdbus.verticles.state.HostObserver;
import org.opdbus.verticles.state.MeshWork;
import org.opdbus.verticles.state.StateDefaults;
import org.opdbus.verticles.state.policy.NamedContainers;
import org.opdbus.verticles.state.policy.StatePolicy;
import org.opdbus.verticles.uplink.UplinkVerticle;
import org.opdbus.verticles.uplink.confirm.ConfirmingCaller;
import org.opdbus.verticles.view.Enrollment;

/**
 * The wiring: which verticles there are, and which of them are joined.
 *
 * <pre>
 * netlink ─┐           ┌─► view ─► reconcile ─steps─┬─► rename ──────► kernel
 * ovsdb ───┼─► bus ────┤              ▲ policy      └─► enroll.bridge ─► Open vSwitch, kernel
 * lxc ─────┤    ▲      │              └── applier ─► driver ─► lxc-*, pct
 * proxmox ─┤  facts    ├─► enroll.netmaker ─► netclient in containers
 * vm ──────┤           ├─► commit ─► ledger
 * engine ──┘           ├─► journal ─► log
 *                      ├─► control ─► operations ◄─ command line, SIGHUP
 *                      ├─► dbus ─► operations ◄─ callers on D-Bus
 *                      ├◄─ labs ─► their own Open vSwitch, machines; inventory
 *                      └─► inventory ─┬─► operations: query, introspect ◄─ kernel, Open vSwitch, the owners of links
 *                                     ├─► nonnet ─► OVSDB clients; dbus ─► D-Bus clients
 *                                     ├─► fuse ─► the kernel ◄─ readers of files
 *                                     ├─► metrics, http ─► Prometheus
 *                                     └─► the service manager
 * </pre>
 *
 * <p>{@link HotPath} joins the router and the handlers of its steps.
 */
final class Deployment {
    /** What the agent is to do, the bus on which its parts meet, and what its faces read. */
    record Frame(AgentConfig config, Role role, Bus bus, LiveInventory inventory) {}

    /**
     * What changes the host.
     *
     * @param runner runs the tools that create and start containers
     * @param joins runs netclient, which may take minutes and must not hold up the others
     * @param wrapped puts a test's own edges around the real ones
     */
    record Tools(LinkWork links, CommandRunner runner, CommandRunner joins, UnaryOperator<Edges> wrapped) {}

    /** The ledger, if this agent writes one, and the enrolments that were open in it at the start. */
    record Recorded(Optional<? extends Ledger> ledger, Collection<Enrollment> open) {}

    private final Frame frame;
    private final Tools tools;
    private final Optional<AllHosts> allHosts;
    private final HostSources sources;
    private final NamingRule naming;
    private final StatePolicy policy;
    private final ReconcileVerticle reconcile;
    private final Operations operations;
    private final Supplier<Single<JsonArray>> containers;
    private final List<Placed> handlers = new ArrayList<>();

    Deployment(Frame frame, Tools tools, Recorded recorded, Optional<AllHosts> allHosts) throws IOException {
        this.frame = frame;
        this.tools = tools;
        this.allHosts = allHosts;
        AgentConfig config = frame.config();
        boolean serves = frame.role() == Role.SERVE;
        Optional<? extends Ledger> ledger = recorded.ledger();

        sources = HostSources.of(config, frame.bus(), frame.role());
        naming = new NamingRule(config.naming().template());
        // A process that observes says what an agent would want; one that carries out a command enrols what the command
        // names.
        boolean wantsAll = frame.role() != Role.CARRY_OUT;
        policy = new StatePolicy(
                config.enrollment(), config.naming(), wantsAll ? NamedContainers.load(config) : List.of(), wantsAll);
        HotPath path = hotPath(recorded.open());
        reconcile = path.router();

        Optional<NetmakerVerticle> netmaker = netmaker();
        MeshWork mesh = netmaker.<MeshWork>map(keeper -> new NetmakerMeshes(keeper.commands(), policy, frame.bus()))
                .orElse(MeshWork.NONE);
        Optional<Labs> labs = labs();
        InventoryVerticle inventory = inventory(netmaker, mesh, labs);
        ContainerDriver driver = Drivers.of(config, tools.runner());
        ReconciledEnrollment enrollment = new ReconciledEnrollment(reconcile, policy, naming);
        Answers answers =
                new Answers(inventory::fresh, new HostObserver(driver, enrollment, mesh), enrollment::seen, policy);
        IntrospectVerticle network = new IntrospectVerticle(new IntrospectVerticle.Sources(
                inventory::fresh,
                new IntrospectedDatabase(
                        Path.of("/"), config.ovsdb().socket(), sources.ovsdb().bridges()::transact),
                OwnershipSources.HOST));
        operations = new Operations(
                config,
                new Operations.Asked(answers, network::json, uplinks(network), new LabRequests(labs)),
                new StateRequests(config.state().file(), applier(driver, enrollment, mesh)),
                allHosts,
                ledger.map(opened -> opened::signed));
        containers = answers::containers;

        if (serves) {
            face(new JournalVerticle(frame.bus()));
            face(new HeapAfterBurst(frame.bus()));
        }
        handler(path.on(ledger.map(opened -> new CommitVerticle(frame.bus(), opened))));
        netmaker.ifPresent(this::handler);
        face(inventory);
        face(network);
        // After the ledger's verticle, which must not miss what they tell when they are taken over.
        labs.ifPresent(this::face);
        if (serves) {
            sockets(ledger);
            if (!config.dbus().names().isEmpty()) {
                face(BusFaces.of(
                        frame,
                        new CallerWork(operations, config.state().file()),
                        ledger,
                        sources.ovsdb().bridges()));
            }
            config.fuse()
                    .folder()
                    .map(folder -> MountedFiles.configured(folder, config.fuse()))
                    .ifPresent(options -> face(files(options).trying()));
        }
    }

    /** An agent that serves sees to moves from its start; a command makes this room only if it is asked about uplinks. */
    private Supplier<UplinkRequests> uplinks(IntrospectVerticle network) {
        Uplinks.Edges edges =
                new Uplinks.Edges(network::document, sources.ovsdb().bridges(), tools.runner());
        Supplier<UplinkVerticle> make = () -> Uplinks.of(frame.config(), frame.role(), frame.bus(), edges);
        ConfirmingCaller callers = new ConfirmingCaller(frame.config().runtime().controlSocket());
        if (frame.role() != Role.SERVE) {
            Single<UplinkRequests> once = Single.fromCallable(() -> new UplinkRequests(make.get(), callers))
                    .cache();
            return once::blockingGet;
        }
        UplinkVerticle uplinks = make.get();
        face(uplinks);
        face(Uplinks.marks(frame.config(), frame.bus(), edges));
        UplinkRequests requests = new UplinkRequests(uplinks, callers);
        return () -> requests;
    }

    /** Labs live in an agent that serves; a command alone keeps none. */
    private Optional<Labs> labs() {
        return frame.role() == Role.SERVE
                ? Optional.of(Labs.of(frame.config(), frame.bus(), tools.runner()))
                : Optional.empty();
    }

    private HotPath hotPath(Collection<Enrollment> open) {
        AgentConfig config = frame.config();
        return new HotPath(
                frame.bus(),
                new HotPath.Options(
                        config.host(),
                        naming,
                        config.enrollment().bridge(),
                        conduct(),
                        new ReconcileOptions(config.ovsdb().resyncIntervalMs())),
                policy,
                tools.wrapped().apply(sources.edges(tools.links())),
                open);
    }

    private HotPath.Conduct conduct() {
        if (frame.role() == Role.OBSERVE) {
            return HotPath.Conduct.OBSERVE;
        }
        return frame.config().enrollment().onDrift() == OnDrift.REPAIR
                ? HotPath.Conduct.REPAIR_DRIFT
                : HotPath.Conduct.REPORT_DRIFT;
    }

    /** An agent that only observes keeps no mesh. */
    private Optional<NetmakerVerticle> netmaker() {
        AgentConfig config = frame.config();
        return frame.role() == Role.OBSERVE
                ? Optional.empty()
                : Optional.of(new NetmakerVerticle(
                        frame.bus(),
                        NetmakerMeshes.options(config),
                        Drivers.guests(config, tools.joins()),
                        policy::meshFor));
    }

    private InventoryVerticle inventory(Optional<NetmakerVerticle> netmaker, MeshWork mesh, Optional<Labs> labs) {
        Flowable<?> changes =
                netmaker.<Flowable<?>>map(keeper -> keeper.commands().changes()).orElseGet(Flowable::never);
        return new InventoryVerticle(
                frame.bus(),
                frame.inventory(),
                InventoryFeeds.of(reconcile, policy, new Meshes(mesh, changes), new Others(allHosts, labs)));
    }

    private Applier applier(ContainerDriver driver, ReconciledEnrollment enrollment, MeshWork mesh) {
        AgentConfig config = frame.config();
        return new Applier(
                frame.bus(),
                driver,
                Drivers.nameOf(config),
                enrollment,
                mesh,
                new StateDefaults(
                        id -> naming.nameFor(id, 0), config.enrollment().bridge()),
                NamedContainers.recordFile(config));
    }

    /** The faces that listen on a socket. What their callers leave unread counts in one budget. */
    private void sockets(Optional<? extends Ledger> ledger) throws IOException {
        AgentConfig config = frame.config();
        Bus bus = frame.bus();
        LiveInventory inventory = frame.inventory();
        ByteBudget budget = ByteBudget.ofHeap();
        face(new ControlVerticle(
                bus,
                new ControlOptions(config.runtime().controlSocket(), config.host(), budget),
                operations,
                allHosts.map(AllHosts::news)));
        face(new NonNetVerticle(
                inventory,
                NonNetOptions.of(
                        config.runtime().nonnetSocket(),
                        config.host(),
                        budget,
                        config.cluster().enabled())));
        MetricsVerticle metrics = new MetricsVerticle(bus, inventory, figures(ledger)::ask);
        face(metrics);
        face(new HttpVerticle(
                HttpAccess.options(config.http(), config.host()),
                WebFaces.of(new WebFaces.Sources(
                        inventory,
                        metrics::scrape,
                        new WebFaces.Live(
                                bus, allHosts.map(AllHosts::news).map(PeerNews::events), metrics::summary, budget),
                        new WebFaces.Kept(config, () -> ledger.map(Ledger::signed)))),
                budget));
    }

    private LiveFigures figures(Optional<? extends Ledger> ledger) {
        return new LiveFigures(
                reconcile::load,
                Map.of(
                        "netlink",
                        sources.netlink()::waiting,
                        "commands",
                        tools.runner()::waiting,
                        "joins",
                        tools.joins()::waiting,
                        "ledger",
                        () -> ledger.map(Ledger::waiting).orElse(0)),
                () -> allHosts.map(AllHosts::forged).orElse(Map.of()));
    }

    private void handler(Deployable verticle) {
        handlers.add(new Placed(verticle, Loop.ENROLMENT));
    }

    private void face(Deployable verticle) {
        handlers.add(new Placed(verticle, Loop.CALLERS));
    }

    /** The verticles that must listen before anything is said. */
    Flowable<Placed> handlers() {
        return Flowable.fromIterable(handlers);
    }

    /** The verticles that then say everything that exists. */
    Flowable<Placed> sources() {
        return Flowable.fromIterable(sources.inOrder()).map(source -> new Placed(source, Loop.ENROLMENT));
    }

    /** Returns the files of this host for a mount. */
    MountedFiles files(MountOptions options) {
        AgentConfig config = frame.config();
        return new MountedFiles(
                frame,
                new CallerWork(operations, config.state().file()),
                sources.ovsdb().bridges(),
                options);
    }

    ReconcileVerticle reconcile() {
        return reconcile;
    }

    Operations operations() {
        return operations;
    }

    /** Asks what the containers of this host are, as {@code query} shows them. */
    Supplier<Single<JsonArray>> containers() {
        return containers;
    }
}
