// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.service;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.Disposable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.dbus.service.PropertySpec.Emits;
import org.opdbus.verticles.dbus.wire.Body;
import org.opdbus.verticles.dbus.wire.BusMessage;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.dbus.wire.Variant;

/**
 * Tells that objects came, changed and went: {@code InterfacesAdded}, {@code PropertiesChanged}, {@code InterfacesRemoved}. A
 * change is told at once, and an object at most once every {@value #QUIET_MS} ms; its last state is always told. While the bus
 * does not keep up, changes of one object become one. On the event loop of the connection.
 */
public final class ChangeSignals implements Disposable {
    private static final long QUIET_MS = 20;

    private final BusSession session;
    private final Scheduler.Worker loop;
    private final Map<ObjectPath, Recent> recent = new LinkedHashMap<>();
    private boolean isTimed;

    /** An object that was told of a moment ago. */
    private static final class Recent {
        private final ObjectPath manager;
        private Optional<ServedObject> told;
        private Optional<ServedObject> now;

        Recent(ObjectPath manager, Optional<ServedObject> told, Optional<ServedObject> now) {
            this.manager = manager;
            this.told = told;
            this.now = now;
        }
    }

    /**
     * Begins to tell on a connection.
     *
     * @param loop the event loop of the connection
     */
    public ChangeSignals(BusSession session, Scheduler loop) {
        this.session = session;
        this.loop = loop.createWorker();
    }

    /**
     * Says that an object came, changed or went.
     *
     * @param manager the object that lists it
     * @param before what it was at the last call for it; empty if it was not there
     * @param after what it is; empty if it is not there
     */
    public void changed(ObjectPath manager, Optional<ServedObject> before, Optional<ServedObject> after) {
        Optional<ObjectPath> path = after.or(() -> before).map(ServedObject::path);
        path.ifPresent(object -> {
            Recent known = recent.get(object);
            if (known != null) {
                known.now = after;
                return;
            }
            boolean isBusy = session.isBusy();
            if (!isBusy) {
                tell(manager, before, after);
            }
            recent.put(object, new Recent(manager, isBusy ? before : after, after));
            time();
        });
    }

    private void time() {
        if (!isTimed) {
            isTimed = true;
            loop.schedule(this::tellRest, QUIET_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void tellRest() {
        isTimed = false;
        Iterator<Recent> each = recent.values().iterator();
        while (each.hasNext() && !session.isBusy()) {
            Recent one = each.next();
            if (!tell(one.manager, one.told, one.now)) {
                each.remove();
            }
            one.told = one.now;
        }
        if (!recent.isEmpty()) {
            time();
        }
    }

    /** Returns whether there was anything to tell. */
    private boolean tell(ObjectPath manager, Optional<ServedObject> before, Optional<ServedObject> after) {
        if (before.isEmpty() || after.isEmpty()) {
            after.ifPresent(now -> emit(manager, "InterfacesAdded", Body.of("oa{sa{sv}}", now.path(), now.values())));
            before.ifPresent(was -> emit(manager, "InterfacesRemoved", Body.of("oas", was.path(), names(was))));
            return !before.equals(after);
        }
        boolean isTold = false;
        for (Served<?> now : after.get().interfaces()) {
            Map<String, Variant> was = before.get()
                    .served(now.spec().name())
                    .map(served -> served.values())
                    .orElse(Map.of());
            Map<String, Variant> changes = new HashMap<>(now.values());
            changes.entrySet().removeIf(value -> value.getValue().equals(was.get(value.getKey())));
            changes.keySet().retainAll(told(now.spec()));
            if (!changes.isEmpty()) {
                session.emit(changes(after.get().path(), now.spec().name(), changes));
                isTold = true;
            }
        }
        return isTold;
    }

    private void emit(ObjectPath manager, String signal, Body body) {
        session.emit(BusMessage.signal(manager, StandardInterfaces.OBJECT_MANAGER, signal, body));
    }

    private static List<String> told(InterfaceSpec<?> spec) {
        return spec.properties().stream()
                .filter(property -> property.emits() == Emits.TRUE)
                .map(PropertySpec::name)
                .toList();
    }

    private static BusMessage changes(ObjectPath path, String interfaceName, Map<String, Variant> changes) {
        return BusMessage.signal(
                path,
                StandardInterfaces.PROPERTIES,
                "PropertiesChanged",
                Body.of("sa{sv}as", interfaceName, changes, List.of()));
    }

    private static List<String> names(ServedObject object) {
        return object.interfaces().stream().map(each -> each.spec().name()).toList();
    }

    @Override
    public void dispose() {
        loop.dispose();
        recent.clear();
    }

    @Override
    public boolean isDisposed() {
        return loop.isDisposed();
    }
}
