// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.opdbus.config.DBusConfig;
import org.opdbus.ledger.Ledger;
import org.opdbus.verticles.dbus.DBusOptions;
import org.opdbus.verticles.dbus.DBusVerticle;
import org.opdbus.verticles.dbus.DBusVerticle.Guards;
import org.opdbus.verticles.dbus.access.AttributedChanges;
import org.opdbus.verticles.dbus.access.CallerIdentities;
import org.opdbus.verticles.dbus.access.DeniedCalls;
import org.opdbus.verticles.dbus.access.PolicyRights;
import org.opdbus.verticles.dbus.access.Polkit;
import org.opdbus.verticles.dbus.access.ReaderGroup;
import org.opdbus.verticles.dbus.host.HostFace;
import org.opdbus.verticles.dbus.machines.MachineRegistry;
import org.opdbus.verticles.dbus.machines.RegisteringFace;
import org.opdbus.verticles.dbus.manager.ManagerFace;
import org.opdbus.verticles.dbus.portagent.LedgerSearch;
import org.opdbus.verticles.dbus.portagent.PortAgentFace;
import org.opdbus.verticles.dbus.service.Face;
import org.opdbus.verticles.dbus.wire.BusAddress;
import org.opdbus.verticles.dbus.wire.BusConnection;
import org.opdbus.verticles.dbus.work.LedgerWork;
import org.opdbus.verticles.dbus.wrapper.WrapperFace;
import org.opdbus.verticles.edges.BridgeWork;
import org.opdbus.verticles.limits.IdleThreads;

/** Joins what is served on D-Bus to the rest of the agent. Its classes are loaded only if a bus name is configured. */
final class BusFaces implements DBusVerticle.Parts {
    /** Readers of files; one of them may check the whole ledger. */
    private static final int FILE_THREADS = 2;

    private static final long AFTER_READY_MS = 100;
    private static final long READY_LIMIT_MS = 3_000;

    private final Deployment.Frame frame;
    private final CallerWork work;
    private final Optional<? extends Ledger> ledger;
    private final BridgeWork bridges;
    private Optional<Access> access = Optional.empty();
    private Optional<MachineRegistry> machines = Optional.empty();

    /** What outlives a connection. */
    private record Access(Vertx vertx, ReaderGroup readers, DeniedCalls deniedCalls) {}

    private BusFaces(Deployment.Frame frame, CallerWork work, Optional<? extends Ledger> ledger, BridgeWork bridges) {
        this.frame = frame;
        this.work = work;
        this.ledger = ledger;
        this.bridges = bridges;
    }

    /**
     * Returns the verticle that serves the configured names.
     *
     * @param ledger the ledger, if this agent writes one
     * @param bridges changes bridges of Open vSwitch
     */
    static DBusVerticle of(
            Deployment.Frame frame, CallerWork work, Optional<? extends Ledger> ledger, BridgeWork bridges) {
        DBusConfig config = frame.config().dbus();
        return new DBusVerticle(
                new DBusOptions(config.address(), BusAddress.parse(config.address())),
                new BusFaces(frame, work, ledger, bridges));
    }

    /** Containers that run already are heard of only once, when the agent lists them. */
    @Override
    public void listen() {
        if (frame.config().dbus().machined()) {
            machines = Optional.of(new MachineRegistry(frame.bus()));
        }
    }

    /** A little after the agent has heard everything that exists, or after some seconds without that. */
    @Override
    public Completable ready(Scheduler loop) {
        return frame.inventory()
                .changes(loop)
                .filter(change -> change.after().host().isReady())
                .firstElement()
                .ignoreElement()
                .delay(AFTER_READY_MS, TimeUnit.MILLISECONDS, loop)
                .timeout(READY_LIMIT_MS, TimeUnit.MILLISECONDS, loop, Completable.complete());
    }

    @Override
    public List<Face> faces(Vertx vertx, Scheduler loop) {
        access = Optional.of(
                new Access(vertx, new ReaderGroup(vertx, frame.config().dbus().group()), new DeniedCalls(vertx)));
        List<String> names = frame.config().dbus().names();
        Scheduler files = files();
        LedgerWork read = new LedgerWork(frame.config().ledger().dir(), () -> ledger.map(Ledger::signed), files);
        List<Face> faces = new ArrayList<>();
        faces.add(new ManagerFace(new ManagerFace.Sources(frame.bus(), frame.inventory(), work, read), loop, files));
        faces.add(new PortAgentFace(
                new PortAgentFace.Sources(
                        frame.inventory(),
                        bridges,
                        work,
                        frame.config().enrollment().bridge()),
                new LedgerSearch(frame.config().ledger().dir(), read, files)));
        faces.add(new WrapperFace(bridges, loop));
        faces.add(new HostFace(frame.inventory(), loop, files));
        return registering(
                faces.stream().filter(face -> names.contains(face.busName())).toList());
    }

    /** The first face stands for the connection. */
    private List<Face> registering(List<Face> faces) {
        if (machines.isEmpty()) {
            return faces;
        }
        List<Face> all = new ArrayList<>(faces);
        all.set(0, new RegisteringFace(all.get(0), machines.get()));
        return List.copyOf(all);
    }

    private static Scheduler files() {
        return Schedulers.from(IdleThreads.of("op-dbus-callers", FILE_THREADS));
    }

    @Override
    public Guards guards(BusConnection connection) {
        Access kept = access.orElseThrow();
        CallerIdentities identities = new CallerIdentities(connection);
        return new Guards(
                new PolicyRights(identities, new Polkit(connection), kept.readers(), kept.deniedCalls()),
                new AttributedChanges(kept.vertx(), identities, frame.bus()));
    }
}
