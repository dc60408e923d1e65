// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.opdbus.verticles.dbus.wire.Body;
import org.opdbus.verticles.dbus.wire.BusAddress;
import org.opdbus.verticles.dbus.wire.BusConnection;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.dbus.wire.BusMessage;
import org.opdbus.verticles.dbus.wire.MemberAddress;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.dbus.wire.Variant;

/**
 * Questions to programs on the system's message bus. It never starts a program. A connection is open for one set of questions,
 * and closed when they are answered or nobody waits for them any longer. Each question has a limit; the time in which the
 * bus itself lets the connection in is the caller's to limit. For any thread.
 */
final class SystemBus {
    private static final Set<String> ABSENT =
            Set.of("org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner");

    private final Vertx vertx;
    private final SocketAddress address;
    private final Duration limit;

    SystemBus(Vertx vertx, String address, Duration limit) {
        this.vertx = vertx;
        this.address = BusAddress.parse(address);
        this.limit = limit;
    }

    /** Returns whether there is a socket at all; a container often has none. */
    boolean exists() {
        String path = address.path();
        return path.startsWith("\0") || Files.exists(Path.of(path), LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns whether an error says that the program that was asked does not run. */
    static boolean isAbsent(Throwable failure) {
        return failure instanceof BusErrorException error && ABSENT.contains(error.name());
    }

    /** Opens a connection, asks the questions on its event loop, and closes it. */
    <T> Single<T> ask(Function<BusConnection, Future<T>> questions) {
        return Single.create(emitter -> {
            Context loop = vertx.getOrCreateContext();
            loop.runOnContext(begin -> {
                Future<BusConnection> opening = BusConnection.open(vertx, address, new Deaf());
                // This closes it at once if it opens after the answer was given up.
                opening.onSuccess(open -> emitter.setCancellable(() -> loop.runOnContext(cancelled -> open.close())));
                opening.compose(questions).onComplete(emitter::onSuccess, emitter::tryOnError);
            });
        });
    }

    /** Returns the properties of an object, without their types. */
    Future<Map<String, Object>> properties(BusConnection bus, MemberAddress object) {
        MemberAddress all =
                new MemberAddress(object.destination(), object.path(), "org.freedesktop.DBus.Properties", "GetAll");
        BusMessage call =
                BusMessage.call(all, Body.of("s", object.interfaceName())).withFlags(BusMessage.NO_AUTO_START);
        return bus.call(call, limit).map(answer -> {
            Map<String, Object> values = new HashMap<>();
            if (answer.body().signature().equals("a{sv}")) {
                ((Map<?, ?>) answer.body().values().get(0))
                        .forEach((name, value) -> values.put(String.valueOf(name), ((Variant) value).value()));
            }
            return values;
        });
    }

    /** Returns one property of an object, without its type. */
    Future<Object> property(BusConnection bus, MemberAddress object, String name) {
        MemberAddress get =
                new MemberAddress(object.destination(), object.path(), "org.freedesktop.DBus.Properties", "Get");
        BusMessage call = BusMessage.call(get, Body.of("ss", object.interfaceName(), name))
                .withFlags(BusMessage.NO_AUTO_START);
        return bus.call(call, limit)
                .map(answer -> answer.body().signature().equals("v")
                        ? ((Variant) answer.body().values().get(0)).value()
                        : "");
    }

    /** Returns the address of an interface of an object. */
    static MemberAddress object(String program, ObjectPath path, String interfaceName) {
        return new MemberAddress(program, path, interfaceName, "");
    }

    /** Serves nothing. The calls that wait fail when the connection ends, so that needs no ear. */
    private static final class Deaf implements BusConnection.Listener {
        @Override
        public void called(BusMessage call) {
            // There is no object that could be called.
        }

        @Override
        public void calledTooLong(BusMessage header, long bytes) {
            // There is no object that could be called.
        }

        @Override
        public void signalled(BusMessage signal) {
            // It asks for no signal; the bus sends NameAcquired.
        }

        @Override
        public void ended(String why) {
            // The calls know.
        }
    }
}
