// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.opdbus.verticles.dbus.wire.BusConnection;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.introspect.owner.NetworkManagerState.Properties;

/**
 * NetworkManager, asked over D-Bus (org.freedesktop.NetworkManager, its D-Bus interface specification): the devices, the active
 * connections, and the files of those connections. All questions of one kind are sent at once. Of a device that it does not
 * manage only the state is asked for, because a host can have hundreds of them.
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
            return Future.all(asking.managed(devices), asking.aboutAll(actives, NAME + ".Connection.Active"))
                    .compose(both -> withDetails(asking, both.resultAt(0), both.resultAt(1)));
        });
    }

    private static Future<NetworkManagerState> withDetails(
            Asking asking, List<ObjectPath> managed, Map<ObjectPath, Properties> actives) {
        Set<ObjectPath> settings = new HashSet<>();
        actives.values().forEach(active -> active.path("Connection").ifPresent(settings::add));
        return Future.all(
                        asking.aboutAll(managed, NAME + ".Device"),
                        asking.aboutAll(settings, NAME + ".Settings.Connection"))
                .map(both -> new NetworkManagerState(both.resultAt(0), actives, both.resultAt(1)));
    }

    /** Leaves out an object that has gone meanwhile. */
    private final class Asking {
        private final BusConnection connection;

        Asking(BusConnection connection) {
            this.connection = connection;
        }

        Future<Properties> about(ObjectPath path, String interfaceName) {
            return bus.properties(connection, SystemBus.object(NAME, path, interfaceName))
                    .map(Properties::new);
        }

        Future<Map<ObjectPath, Properties>> aboutAll(Collection<ObjectPath> paths, String interfaceName) {
            Map<ObjectPath, Properties> found = new HashMap<>();
            return each(paths, path -> about(path, interfaceName).onSuccess(properties -> found.put(path, properties)))
                    .map(found);
        }

        /** Returns those of the devices that it manages: most of many are not, and one property is quickly told. */
        Future<List<ObjectPath>> managed(List<ObjectPath> devices) {
            List<ObjectPath> found = new ArrayList<>();
            return each(
                            devices,
                            path -> bus.property(connection, SystemBus.object(NAME, path, NAME + ".Device"), "State")
                                    .onSuccess(state -> {
                                        if (NetworkManagerState.isManaged(state)) {
                                            found.add(path);
                                        }
                                    }))
                    .map(found);
        }

        private <T> Future<Void> each(Collection<ObjectPath> paths, Function<ObjectPath, Future<T>> question) {
            List<Future<?>> answers = new ArrayList<>();
            paths.forEach(path -> answers.add(question.apply(path)));
            return Future.join(answers)
                    .transform(done -> answers.stream().anyMatch(NetworkManagerReader::isSilence)
                            ? Future.failedFuture("there was no answer in time")
                            : Future.succeededFuture());
        }
    }

    private static boolean isSilence(Future<?> answer) {
        return answer.failed()
                && answer.cause() instanceof BusErrorException error
                && error.name().equals("org.freedesktop.DBus.Error.NoReply");
    }
}
