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
 * change is told at once, and an object at most once every {@value #QUIET_MS} ms; its last state is always told. A state that
 * soon passes is told only if it lasts {@value #PASSING_MS} ms, so that it does not hold up the one that follows. While the bus
 * does not keep up, changes of one object become one. On the event loop of the connection.
 */
public final class ChangeSignals implements Disposable {
    private static final long QUIET_MS = 20;
    private static final long PASSING_MS = 50;
    private static final long TURN_MS = 5;

    private final BusSession session;
    private final Scheduler.Worker loop;
    private final Map<ObjectPath, Recent> recent = new LinkedHashMap<>();
    private boolean isTimed;

    /** An object that was told of a moment ago, or is to be told of. */
    private static final class Recent {
        private final ObjectPath manager;
        private Optional<ServedObject> told;
        private Optional<ServedObject> now;
        /** When it may be told of. */
        private long fromMs;
        /** When it may be told of even if its state soon passes. */
        private long untilMs;

        private boolean isPassing;

        Recent(ObjectPath manager, Optional<ServedObject> told) {
            this.manager = manager;
            this.told = told;
            now = told;
            fromMs = nowMs();
        }

        boolean isDue(long atMs) {
            return atMs >= fromMs && (!isPassing || atMs >= untilMs);
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

    /** As {@link #changed(ObjectPath, Optional, Optional, boolean)}, for a state that stays. */
    public void changed(ObjectPath manager, Optional<ServedObject> before, Optional<ServedObject> after) {
        changed(manager, before, after, false);
    }

    /**
     * Says that an object came, changed or went.
     *
     * @param manager the object that lists it
     * @param before what it was at the last call for it; empty if it was not there
     * @param after what it is; empty if it is not there
     * @param isPassing whether another state follows soon
     */
    public void changed(
            ObjectPath manager, Optional<ServedObject> before, Optional<ServedObject> after, boolean isPassing) {
        Optional<ObjectPath> path = after.or(() -> before).map(ServedObject::path);
        path.ifPresent(object -> {
            Recent known = recent.computeIfAbsent(object, key -> new Recent(manager, before));
            if (isPassing && !known.isPassing) {
                known.untilMs = nowMs() + PASSING_MS;
            }
            known.isPassing = isPassing;
            known.now = after;
            tellIfDue(known);
            time();
        });
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private void tellIfDue(Recent one) {
        long atMs = nowMs();
        if (one.isDue(atMs) && !session.isBusy()) {
            tell(one.manager, one.told, one.now);
            one.told = one.now;
            one.fromMs = atMs + QUIET_MS;
        }
    }

    private void time() {
        if (!isTimed) {
            isTimed = true;
            loop.schedule(this::tellRest, TURN_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void tellRest() {
        isTimed = false;
        Iterator<Recent> each = recent.values().iterator();
        while (each.hasNext()) {
            Recent one = each.next();
            if (!one.told.equals(one.now)) {
                tellIfDue(one);
            } else if (nowMs() >= one.fromMs) {
                each.remove();
            }
        }
        if (!recent.isEmpty()) {
            time();
        }
    }

    private void tell(ObjectPath manager, Optional<ServedObject> before, Optional<ServedObject> after) {
        if (before.isEmpty() || after.isEmpty()) {
            after.ifPresent(now -> emit(manager, "InterfacesAdded", Body.of("oa{sa{sv}}", now.path(), now.values())));
            before.ifPresent(was -> emit(manager, "InterfacesRemoved", Body.of("oas", was.path(), names(was))));
            return;
        }
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
            }
        }
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
