// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.manager;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.dbus.service.BusSession;
import org.opdbus.verticles.dbus.service.ChangeSignals;
import org.opdbus.verticles.dbus.service.Face;
import org.opdbus.verticles.dbus.service.InterfaceSpec;
import org.opdbus.verticles.dbus.service.ObjectSource;
import org.opdbus.verticles.dbus.service.ObjectTree.Managed;
import org.opdbus.verticles.dbus.service.ServedObject;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.dbus.work.HostWork;
import org.opdbus.verticles.dbus.work.LedgerWork;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.inventory.InventoryChange;
import org.opdbus.verticles.inventory.KnownContainer;
import org.opdbus.verticles.inventory.LiveInventory;

/** What is served under {@code org.opdbus}. */
public final class ManagerFace implements Face {
    /** The bus name. */
    public static final String NAME = "org.opdbus";

    private final Bus bus;
    private final LiveInventory inventory;
    private final Scheduler loop;
    private final ManagerObject manager;
    private final ContainerObject containers;
    private final StateManagerObject state;
    private final Jobs jobs;

    /** What the face reads, and what it asks. */
    public record Sources(Bus bus, LiveInventory inventory, HostWork work, LedgerWork ledger) {}

    /**
     * Creates the face.
     *
     * @param loop the event loop of the connection
     * @param files where reading files may wait
     */
    public ManagerFace(Sources sources, Scheduler loop, Scheduler files) {
        bus = sources.bus();
        inventory = sources.inventory();
        this.loop = loop;
        HostWork work = sources.work();
        jobs = new Jobs(work, loop);
        manager = new ManagerObject(work, sources.ledger(), new StateText(work.stateFile(), files), jobs);
        containers = new ContainerObject(inventory, work);
        state = new StateManagerObject(work);
    }

    @Override
    public String busName() {
        return NAME;
    }

    @Override
    public List<ObjectSource> alone() {
        return List.of(new ManagerSource(), ObjectSource.of(state.object()));
    }

    @Override
    public Optional<Managed> managed() {
        return Optional.of(new Managed(ManagerObject.PATH, List.of(containers, jobs)));
    }

    /** Returns the interfaces, for their documents. */
    public List<InterfaceSpec<?>> interfaces() {
        return List.of(manager.description(), containers.spec(), jobs.spec(), state.spec());
    }

    @Override
    public Disposable tell(BusSession session) {
        ChangeSignals signals = new ChangeSignals(session, loop);
        // What is there now is no news: a caller that asks gets it.
        Inventory now = inventory.current();
        return new CompositeDisposable(
                signals,
                jobs.tell(session, signals),
                new FactSignals(session).from(bus),
                inventory.changesSince(now, loop).subscribe(change -> tell(change, signals)));
    }

    private static boolean isPassing(KnownContainer container) {
        ContainerPhase phase = container.status().standing();
        return phase == ContainerPhase.WAITING || phase == ContainerPhase.WORKING;
    }

    @Override
    public void dispose() {
        jobs.dispose();
    }

    private void tell(InventoryChange change, ChangeSignals signals) {
        change.containers()
                .forEach(id -> signals.changed(
                        ManagerObject.PATH,
                        change.before().containers().get(id).map(containers::object),
                        change.after().containers().get(id).map(containers::object),
                        change.after()
                                .containers()
                                .get(id)
                                .filter(ManagerFace::isPassing)
                                .isPresent()));
        signals.changed(
                ManagerObject.PATH,
                Optional.of(manager.object(change.before())),
                Optional.of(manager.object(change.after())));
    }

    /** The agent itself, as it is at the moment. */
    private final class ManagerSource implements ObjectSource {
        @Override
        public Optional<ServedObject> at(ObjectPath path) {
            return path.equals(ManagerObject.PATH)
                    ? Optional.of(manager.object(inventory.current()))
                    : Optional.empty();
        }

        @Override
        public Stream<ServedObject> all() {
            return Stream.of(manager.object(inventory.current()));
        }

        @Override
        public boolean isPublic() {
            return true;
        }
    }
}
