// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Deployable;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
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
import org.opdbus.config.AgentConfig;
import org.opdbus.config.EnrollmentConfig.OnDrift;
import org.opdbus.ledger.Ledger;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.commit.CommitVerticle;
import org.opdbus.verticles.control.ControlOptions;
import org.opdbus.verticles.control.ControlVerticle;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.driver.ContainerDriver;
import org.opdbus.verticles.edges.Edges;
import org.opdbus.verticles.edges.LinkWork;
import org.opdbus.verticles.enroll.netmaker.NetmakerVerticle;
import org.opdbus.verticles.hotpath.HotPath;
import org.opdbus.verticles.http.HttpAccess;
import org.opdbus.verticles.http.HttpVerticle;
import org.opdbus.verticles.inventory.InventoryVerticle;
import org.opdbus.verticles.inventory.LiveInventory;
import org.opdbus.verticles.journal.JournalVerticle;
import org.opdbus.verticles.limits.ByteBudget;
import org.opdbus.verticles.lxc.LxcOptions;
import org.opdbus.verticles.lxc.LxcPresence;
import org.opdbus.verticles.lxc.LxcVerticle;
import org.opdbus.verticles.metrics.MetricsVerticle;
import org.opdbus.verticles.netlink.NetlinkVerticle;
import org.opdbus.verticles.nonnet.NonNetOptions;
import org.opdbus.verticles.nonnet.NonNetVerticle;
import org.opdbus.verticles.ovsdb.OvsPorts;
import org.opdbus.verticles.ovsdb.OvsdbOptions;
import org.opdbus.verticles.ovsdb.OvsdbVerticle;
import org.opdbus.verticles.proxmox.ProxmoxOptions;
import org.opdbus.verticles.proxmox.ProxmoxVerticle;
import org.opdbus.verticles.reconcile.ReconcileOptions;
import org.opdbus.verticles.reconcile.ReconcileVerticle;
import org.opdbus.verticles.rename.NamingRule;
import org.opdbus.verticles.state.Applier;
import org.opdbus.verticles.state.HostObserver;
import org.opdbus.verticles.state.MeshWork;
import org.opdbus.verticles.state.StateDefaults;
import org.opdbus.verticles.state.policy.NamedContainers;
import org.opdbus.verticles.state.policy.StatePolicy;
import org.opdbus.verticles.view.Enrollment;

/**
 * The wiring: which verticles there are, and who is joined to whom.
 *
 * <pre>
 * netlink ─┐                  ┌─► kernel, Open vSwitch
 * ovsdb ───┼─► bus ─► reconcile ◄─ policy ◄─ applier ─► driver ─► lxc-*, pct
 * lxc ─────┤    ├─► netmaker ─► netclient in containers
 * proxmox ─┘    ├─► commit ─► ledger        ▲
 *               ├─► journal ─► log          │
 *               ├─► control ─► operations ──┘ ◄─ command line, SIGHUP
 *               └─► inventory ─┬─► operations: query
 *                              ├─► nonnet ─► OVSDB clients
 *                              ├─► metrics, http ─► Prometheus
 *                              └─► the service manager
 * </pre>
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

    private final List<Placed> handlers = new ArrayList<>();
    private final List<Deployable> sources;
    private final ReconcileVerticle reconcile;
    private final Operations operations;
    private final Supplier<Single<JsonArray>> containers;

    Deployment(Frame frame, Tools tools, Recorded recorded, Optional<AllHosts> allHosts) throws IOException {
        AgentConfig config = frame.config();
        Role role = frame.role();
        Bus bus = frame.bus();
        LiveInventory live = frame.inventory();
        Optional<? extends Ledger> ledger = recorded.ledger();
        CommandRunner runner = tools.runner();
        CommandRunner joins = tools.joins();

        OvsdbVerticle ovsdb =
                new OvsdbVerticle(bus, OvsdbOptions.of(config.ovsdb().socket()));
        LxcVerticle lxc = new LxcVerticle(bus, LxcOptions.of(config.lxc().path().toString()));
        NetlinkVerticle netlink = new NetlinkVerticle(bus);
        ProxmoxVerticle proxmox =
                new ProxmoxVerticle(bus, ProxmoxOptions.of(config.proxmox().confDir()));
        sources = List.of(proxmox, ovsdb, netlink, lxc);

        NamingRule naming = new NamingRule(config.naming().template());
        StatePolicy policy = new StatePolicy(
                config.enrollment(),
                config.naming(),
                role == Role.SERVE ? NamedContainers.load(config) : List.of(),
                role == Role.SERVE);
        HotPath path = new HotPath(
                bus,
                new HotPath.Options(
                        config.host(),
                        naming,
                        config.enrollment().onDrift() == OnDrift.REPAIR,
                        new ReconcileOptions(config.ovsdb().resyncIntervalMs(), role == Role.OBSERVE)),
                policy,
                tools.wrapped()
                        .apply(new Edges(
                                tools.links(),
                                new OvsPorts(ovsdb.ports()),
                                new LxcPresence(lxc::observe),
                                Optional.of(proxmox::read))),
                recorded.open());
        reconcile = path.router();

        ContainerDriver driver = Drivers.of(config, runner);
        Optional<NetmakerVerticle> netmaker = role == Role.OBSERVE
                ? Optional.empty()
                : Optional.of(new NetmakerVerticle(
                        bus, NetmakerMeshes.options(config), Drivers.of(config, joins), policy::meshFor));
        MeshWork mesh = netmaker.<MeshWork>map(keeper -> new NetmakerMeshes(keeper.commands(), policy, bus))
                .orElse(MeshWork.NONE);
        ReconciledEnrollment enrollment = new ReconciledEnrollment(reconcile, policy, naming);
        InventoryVerticle inventory = new InventoryVerticle(
                bus,
                live,
                InventoryFeeds.of(
                        reconcile,
                        policy,
                        new Meshes(
                                mesh,
                                netmaker.<Flowable<?>>map(
                                                keeper -> keeper.commands().changes())
                                        .orElseGet(Flowable::never)),
                        allHosts));
        Answers answers =
                new Answers(inventory::fresh, new HostObserver(driver, enrollment, mesh), enrollment::seen, policy);
        operations = new Operations(
                config,
                answers,
                new Applier(
                        bus,
                        driver,
                        Drivers.nameOf(config),
                        enrollment,
                        mesh,
                        new StateDefaults(
                                id -> naming.nameFor(id, 0), config.enrollment().bridge()),
                        NamedContainers.recordFile(config)),
                allHosts,
                ledger.map(opened -> opened::signed));
        containers = answers::containers;

        if (role == Role.SERVE) {
            face(new JournalVerticle(bus));
        }
        handler(path.on(ledger.map(opened -> new CommitVerticle(bus, opened))));
        netmaker.ifPresent(this::handler);
        face(inventory);
        if (role == Role.SERVE) {
            ByteBudget faces = ByteBudget.ofHeap();
            face(new ControlVerticle(
                    bus,
                    new ControlOptions(config.runtime().controlSocket(), config.host(), faces),
                    operations,
                    allHosts.map(AllHosts::news)));
            face(new NonNetVerticle(live, NonNetOptions.of(config.runtime().nonnetSocket(), config.host(), faces)));
            LiveFigures figures = new LiveFigures(
                    reconcile::load,
                    Map.of(
                            "netlink",
                            netlink::waiting,
                            "commands",
                            runner::waiting,
                            "joins",
                            joins::waiting,
                            "ledger",
                            () -> ledger.map(Ledger::waiting).orElse(0)));
            MetricsVerticle metrics = new MetricsVerticle(bus, live, figures::ask);
            face(metrics);
            face(new HttpVerticle(live, HttpAccess.options(config.http()), metrics::scrape, faces));
        }
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
        return Flowable.fromIterable(sources).map(source -> new Placed(source, Loop.ENROLMENT));
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
