// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wrapper;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.opdbus.verticles.dbus.service.Access;
import org.opdbus.verticles.dbus.service.Argument;
import org.opdbus.verticles.dbus.service.BusSession;
import org.opdbus.verticles.dbus.service.InterfaceSpec;
import org.opdbus.verticles.dbus.service.MethodSpec;
import org.opdbus.verticles.dbus.service.ObjectSource;
import org.opdbus.verticles.dbus.service.ServedObject;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.dbus.wire.ObjectPath;

/**
 * The monitors of callers: one object each, whose signals only its caller gets. A monitor ends when its caller cancels it or
 * leaves the bus, or with its database connection. On the event loop of the connection.
 */
final class TableWatches implements ObjectSource {
    static final String INTERFACE = "org.openvswitch.ovsdb.Monitor";
    static final int OF_CALLER_MAX = 4;
    static final int MONITORS_MAX = 16;
    static final InterfaceSpec<TableWatch> SPEC = InterfaceSpec.<TableWatch>named(INTERFACE)
            .method(MethodSpec.named("Cancel", "cancel")
                    .needs(Access.ROOT)
                    .does((monitor, call) ->
                            Completable.fromAction(monitor::end).andThen(Single.just(List.of()))))
            .signal("Update", new Argument("tables", "s"))
            .signal("Ended", new Argument("reason", "s"))
            .build();

    private static final ObjectPath FOLDER = new ObjectPath(WrapperFace.PATH.value() + "/monitor");

    private final Scheduler loop;
    private final Map<ObjectPath, TableWatch> monitors = new LinkedHashMap<>();
    private Optional<BusSession> session = Optional.empty();
    private long lastNumber;

    TableWatches(Scheduler loop) {
        this.loop = loop;
    }

    /**
     * Begins a monitor.
     *
     * @return its object, once the database has sent the present rows
     */
    Single<ObjectPath> begin(Flowable<String> updates, String caller) {
        return Single.create(answer -> {
            BusSession open = session.orElseThrow(
                    () -> BusErrorException.standard("Disconnected", "the connection to the bus has ended"));
            requireRoom(caller);
            lastNumber++;
            ObjectPath path = new ObjectPath(FOLDER.value() + "/" + lastNumber);
            TableWatch monitor =
                    new TableWatch(new TableWatch.Reader(path, caller, open), loop, answer, monitors::remove);
            monitors.put(path, monitor);
            monitor.endWith(open.whenGone(caller, monitor::end));
            updates.observeOn(loop, true, 1).subscribe(monitor);
        });
    }

    private void requireRoom(String caller) {
        long ofCaller = monitors.values().stream()
                .filter(monitor -> monitor.isOf(caller))
                .count();
        if (ofCaller >= OF_CALLER_MAX || monitors.size() >= MONITORS_MAX) {
            throw BusErrorException.standard(
                    "LimitsExceeded",
                    "there may be " + OF_CALLER_MAX + " monitors of one caller and " + MONITORS_MAX
                            + " in all; cancel one first");
        }
    }

    /** Uses this connection until the result is disposed of; all monitors end then. */
    Disposable tell(BusSession open) {
        session = Optional.of(open);
        return Disposable.fromRunnable(() -> {
            session = Optional.empty();
            dispose();
        });
    }

    void dispose() {
        List.copyOf(monitors.values()).forEach(TableWatch::end);
    }

    @Override
    public Optional<ServedObject> at(ObjectPath path) {
        return Optional.ofNullable(monitors.get(path)).map(monitor -> ServedObject.of(path, SPEC, monitor));
    }

    @Override
    public Stream<ServedObject> all() {
        return List.copyOf(monitors.entrySet()).stream()
                .map(each -> ServedObject.of(each.getKey(), SPEC, each.getValue()));
    }
}
