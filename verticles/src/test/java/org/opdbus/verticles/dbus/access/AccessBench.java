// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.access;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.bus.VertxSettings;
import org.opdbus.verticles.dbus.service.Access;
import org.opdbus.verticles.dbus.service.Caller;
import org.opdbus.verticles.dbus.service.CallerRights.Question;
import org.opdbus.verticles.dbus.testing.BusClient;
import org.opdbus.verticles.dbus.testing.BusUser;
import org.opdbus.verticles.dbus.testing.ForeignConnection;
import org.opdbus.verticles.dbus.testing.PolkitDaemon;
import org.opdbus.verticles.dbus.testing.PrivateBus;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.testing.BusWatcher;

/** The rights on a real bus, and callers of several users on it. */
final class AccessBench implements AutoCloseable {
    static final String ALLOWED = "allowed";
    static final Polkit.Limits SHORT = new Polkit.Limits(Duration.ofSeconds(1), Duration.ofSeconds(2));

    private static final Path ACTIONS =
            Path.of("../deploy/polkit/org.opdbus.policy").toAbsolutePath();

    final Vertx vertx = Vertx.vertx(VertxSettings.common());
    final PrivateBus bus = new PrivateBus();
    final BusClient client = new BusClient(vertx, bus.socketAddress());
    final CallerIdentities identities = new CallerIdentities(client.connection());
    final DeniedCalls deniedCalls = new DeniedCalls(vertx);
    final Polkit polkit;
    final PolicyRights rights;
    private final List<ForeignConnection> callers = new ArrayList<>();
    private final List<PolkitDaemon> polkitds = new ArrayList<>();

    AccessBench(Polkit.Limits limits) {
        polkit = new Polkit(client.connection(), limits);
        rights = new PolicyRights(identities, polkit, new ReaderGroup(vertx, "users"), deniedCalls);
    }

    PolkitDaemon startPolkit() {
        PolkitDaemon started = new PolkitDaemon(bus, ACTIONS, PolkitDaemon.RULES);
        polkitds.add(started);
        return started;
    }

    ForeignConnection connect(BusUser user) {
        ForeignConnection made = new ForeignConnection(bus, client, user);
        callers.add(made);
        return made;
    }

    /** Asks without waiting for the answer. */
    CompletableFuture<Caller> ask(ForeignConnection caller, Access access, boolean interactive) {
        return client.onLoop(() -> Future.succeededFuture(
                rights.require(new Question(caller.name(), access, "org.opdbus.Test1." + access, interactive))
                        .toCompletionStage()
                        .toCompletableFuture()));
    }

    /** Returns {@link #ALLOWED}, or the last part of the error's name and its text. */
    String verdict(ForeignConnection caller, Access access, boolean interactive) {
        return verdict(ask(caller, access, interactive));
    }

    static String verdict(CompletableFuture<Caller> asked) {
        return asked.handle((allowed, failure) -> {
                    if (failure == null) {
                        return ALLOWED;
                    }
                    BusErrorException error = (BusErrorException) failure;
                    return error.name().substring("org.freedesktop.DBus.Error.".length()) + ": " + error.getMessage();
                })
                .orTimeout(BusWatcher.GENEROUS.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    boolean mayRead(String busName) {
        CompletableFuture<Boolean> asked = client.onLoop(() -> Future.succeededFuture(
                rights.mayRead(busName).toCompletionStage().toCompletableFuture()));
        return asked.orTimeout(BusWatcher.GENEROUS.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** Returns how many questions wait for polkit. */
    int waiting() {
        return client.onLoop(() -> Future.succeededFuture(polkit.waiting()));
    }

    @Override
    public void close() {
        callers.forEach(ForeignConnection::close);
        polkitds.forEach(PolkitDaemon::close);
        client.close();
        bus.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
