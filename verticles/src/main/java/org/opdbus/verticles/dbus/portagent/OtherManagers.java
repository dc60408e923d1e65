// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.portagent;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.verticles.dbus.service.BusSession;
import org.opdbus.verticles.dbus.wire.Body;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.dbus.wire.BusMessage;
import org.opdbus.verticles.dbus.wire.MemberAddress;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.dbus.wire.Variant;

/** Asks other programs that manage the network of this host, if they run; it never starts one. */
final class OtherManagers {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Set<String> ABSENT =
            Set.of("org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner");

    private Optional<BusSession> session = Optional.empty();

    /** Asks over this connection until the result is disposed of. */
    Disposable ask(BusSession open) {
        session = Optional.of(open);
        return Disposable.fromRunnable(() -> session = Optional.empty());
    }

    /** Returns whether systemd-networkd runs, and its properties, as JSON. */
    Single<String> networkd() {
        return properties("org.freedesktop.network1", "/org/freedesktop/network1", "org.freedesktop.network1.Manager");
    }

    /** Returns whether NetworkManager runs, and its properties, as JSON. */
    Single<String> networkManager() {
        return properties(
                "org.freedesktop.NetworkManager", "/org/freedesktop/NetworkManager", "org.freedesktop.NetworkManager");
    }

    private Single<String> properties(String service, String path, String interfaceName) {
        MemberAddress all =
                new MemberAddress(service, new ObjectPath(path), "org.freedesktop.DBus.Properties", "GetAll");
        BusMessage call = BusMessage.call(all, Body.of("s", interfaceName)).withFlags(BusMessage.NO_AUTO_START);
        return session.map(open -> open.call(call, LIMIT))
                .orElseGet(() ->
                        Single.error(BusErrorException.standard("Disconnected", "the connection to the bus has ended")))
                .map(answer -> running(answer.body()))
                .onErrorResumeNext(failure -> isAbsent(failure)
                        ? Single.just(new JsonObject().put("running", false).encodePrettily())
                        : Single.error(failure));
    }

    private static boolean isAbsent(Throwable failure) {
        return failure instanceof BusErrorException error && ABSENT.contains(error.name());
    }

    /** Returns a running manager as JSON, with those of its properties that are a text, a number or a truth value. */
    private static String running(Body body) {
        JsonObject json = new JsonObject().put("running", true);
        if (body.signature().equals("a{sv}")) {
            ((Map<?, ?>) body.values().get(0)).forEach((name, variant) -> {
                Object value = ((Variant) variant).value();
                if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                    json.put(name.toString(), value);
                }
            });
        }
        return json.encodePrettily();
    }
}
