// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.opdbus.verticles.dbus.wire.BusConnection;
import org.opdbus.verticles.dbus.wire.MemberAddress;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.introspect.owner.NetworkManagerState.Properties;

/**
 * NetworkManager, asked over D-Bus (org.freedesktop.NetworkManager, its D-Bus interface specification): the devices, the active
 * connections, and the files of those connections. It is asked for all of them at once, so that the time hardly depends on
 * their number.
 */
final class NetworkManagerReader implements OwnershipReader {
    private static final String NAME = "org.freedesktop.NetworkManager";
    private static final ObjectPath MANAGER = new ObjectPath("/org/freedesktop/NetworkManager");
    /** Fewer than the calls that may wait on one connection. */
    private static final int OBJECTS_MAX = 1_000;

    private final SystemBus bus;

    NetworkManagerReader(SystemBus bus) {
        this.bus = bus;
    }

    @Override
    public String subject() {
        return "NetworkManager";
    }

    @Override
    public Single<Findings> read(HostLinks host) {
        if (!bus.exists()) {
            return Single.just(Findings.NONE);
        }
        return bus.ask(this::state)
                .map(state -> new Findings(state.claims(host.byName().keySet()), List.of()))
                .onErrorResumeNext(
                        failure -> SystemBus.isAbsent(failure) ? Single.just(Findings.NONE) : Single.error(failure));
    }

    private Future<NetworkManagerState> state(BusConnection connection) {
        Asking asking = new Asking(connection);
        return asking.about(MANAGER, NAME).compose(manager -> {
            List<ObjectPath> devices = manager.paths(manager.has("AllDevices") ? "AllDevices" : "Devices");
            List<ObjectPath> actives = manager.paths("ActiveConnections");
            if (devices.size() + actives.size() > OBJECTS_MAX) {
                return Future.failedFuture("it has " + devices.size() + " devices and " + actives.size()
                        + " active connections; more than " + OBJECTS_MAX + " are not asked for");
            }
            return Future.all(
                            asking.aboutAll(devices, NAME + ".Device"),
                            asking.aboutAll(actives, NAME + ".Connection.Active"))
                    .compose(both -> withSettings(asking, both.resultAt(0), both.resultAt(1)));
        });
    }

    private static Future<NetworkManagerState> withSettings(
            Asking asking, Map<ObjectPath, Properties> devices, Map<ObjectPath, Properties> actives) {
        Set<ObjectPath> settings = new HashSet<>();
        actives.values().forEach(active -> active.path("Connection").ifPresent(settings::add));
        return asking.aboutAll(List.copyOf(settings), NAME + ".Settings.Connection")
                .map(found -> new NetworkManagerState(devices, actives, found));
    }

    private final class Asking {
        private final BusConnection connection;

        Asking(BusConnection connection) {
            this.connection = connection;
        }

        Future<Properties> about(ObjectPath path, String interfaceName) {
            MemberAddress object = SystemBus.object(NAME, path, interfaceName);
            return bus.properties(connection, object).map(Properties::new);
        }

        /** Leaves out an object that has gone meanwhile. */
        Future<Map<ObjectPath, Properties>> aboutAll(List<ObjectPath> paths, String interfaceName) {
            Map<ObjectPath, Properties> found = new HashMap<>();
            List<Future<?>> answers = new ArrayList<>();
            for (ObjectPath path : paths) {
                answers.add(about(path, interfaceName).onSuccess(properties -> found.put(path, properties)));
            }
            return Future.join(answers).transform(done -> Future.succeededFuture(found));
        }
    }
}
