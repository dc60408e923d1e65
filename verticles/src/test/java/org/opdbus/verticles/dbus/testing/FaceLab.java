// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.processors.PublishProcessor;
import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.dbus.DBusOptions;
import org.opdbus.verticles.dbus.DBusVerticle;
import org.opdbus.verticles.dbus.DBusVerticle.Guards;
import org.opdbus.verticles.dbus.DBusVerticle.Parts;
import org.opdbus.verticles.dbus.service.Access;
import org.opdbus.verticles.dbus.service.Caller;
import org.opdbus.verticles.dbus.service.CallerRights;
import org.opdbus.verticles.dbus.service.Face;
import org.opdbus.verticles.dbus.testing.PrivateBus.Output;
import org.opdbus.verticles.dbus.wire.Body;
import org.opdbus.verticles.dbus.wire.BusConnection;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.dbus.wire.BusMessage;
import org.opdbus.verticles.edges.BridgeWork;
import org.opdbus.verticles.inventory.ContainerNews;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.InventorySources;
import org.opdbus.verticles.inventory.InventoryVerticle;
import org.opdbus.verticles.inventory.LiveInventory;
import org.opdbus.verticles.inventory.WantedContainer;
import org.opdbus.verticles.netlink.NetlinkVerticle;
import org.opdbus.verticles.ovsdb.OvsdbOptions;
import org.opdbus.verticles.ovsdb.OvsdbVerticle;
import org.opdbus.verticles.testing.PrivateOvs;

/**
 * One face on a bus of its own, over an inventory that hears the real kernel and a real ovsdb-server. Root may do everything,
 * every other user may only read.
 */
public final class FaceLab implements AutoCloseable {
    /** Open vSwitch's database; it runs. */
    public final PrivateOvs ovs = new PrivateOvs().startDatabaseOnly();

    /** The message bus. */
    public final PrivateBus bus = new PrivateBus();

    /** Runs everything. */
    public final Vertx vertx = Vertx.vertx();

    /** Carries the facts of the host. */
    public final Bus facts = new Bus(vertx);

    /** What the face shows. */
    public final LiveInventory inventory = new LiveInventory(HostFacts.atStart("here", "1", Instant.EPOCH));

    /** The changes that callers asked for: method and target. */
    public final List<String> requested = new CopyOnWriteArrayList<>();

    /** Tells the status of containers, as the router does. */
    public final PublishProcessor<List<ContainerNews>> containers = PublishProcessor.create();

    private final String name;
    private final OvsdbVerticle database;

    /** Starts to serve the face that this makes, and waits until it has its name. */
    public FaceLab(BiFunction<FaceLab, Scheduler, Face> face, String name) {
        this.name = name;
        database = new OvsdbVerticle(
                facts,
                new OvsdbOptions(
                        ovs.socket(),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1),
                        Duration.ofMillis(20),
                        Duration.ofMillis(200)));
        InventorySources sources = new InventorySources(
                containers,
                Completable.complete(),
                container -> WantedContainer.UNNAMED,
                Flowable.never(),
                () -> Single.just(Map.of()),
                Flowable.never(),
                Flowable.never());
        List<Deployable> verticles = List.of(
                new InventoryVerticle(facts, inventory, sources),
                database,
                new NetlinkVerticle(facts),
                new DBusVerticle(new DBusOptions(bus.address(), bus.socketAddress()), new Parts() {
                    @Override
                    public List<Face> faces(Vertx owner, Scheduler loop) {
                        return List.of(face.apply(FaceLab.this, loop));
                    }

                    @Override
                    public Guards guards(BusConnection connection) {
                        return FaceLab.this.guards(connection);
                    }
                }));
        verticles.forEach(each -> vertx.deployVerticle(each)
                .toCompletionStage()
                .toCompletableFuture()
                .join());
        eventually(() -> assertThat(bus.runAs(BusUser.ROOT, "busctl", "--system", "list", "--no-pager")
                        .text())
                .contains(name));
    }

    /** Returns what changes bridges. */
    public BridgeWork bridges() {
        return database.bridges();
    }

    private Guards guards(BusConnection connection) {
        CallerRights rights = question -> uid(connection, question.busName()).map(uid -> {
            if (uid != 0 && question.access() != Access.READ) {
                throw BusErrorException.standard("AccessDenied", "the test allows this to root only");
            }
            return new Caller(question.busName(), uid, 0);
        });
        return new Guards(
                rights,
                (caller, operation, target) -> Completable.fromAction(
                        () -> requested.add(operation.substring(operation.lastIndexOf('.') + 1) + " " + target)));
    }

    private static Single<Long> uid(BusConnection connection, String caller) {
        BusMessage question = BusMessage.call(BusConnection.bus("GetConnectionUnixUser"), Body.of("s", caller));
        return Single.create(answer -> connection
                .call(question, Duration.ofSeconds(20))
                .onSuccess(uid -> answer.onSuccess((Long) uid.body().values().get(0)))
                .onFailure(answer::tryOnError));
    }

    /** Runs {@code dbus-send} of root; arguments are texts. */
    public Output dbusSend(String path, String method, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("dbus-send", "--system", "--print-reply", "--dest=" + name, path, method));
        for (String argument : arguments) {
            command.add(argument.matches("(uint32|uint64):.*") ? argument : "string:" + argument);
        }
        return bus.runAs(BusUser.ROOT, command.toArray(String[]::new));
    }

    /** Runs {@code gdbus call} of root. */
    public Output gdbus(String path, String method, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("gdbus", "call", "--system", "--dest", name, "--object-path", path, "--method", method));
        command.addAll(List.of(arguments));
        return bus.runAs(BusUser.ROOT, command.toArray(String[]::new));
    }

    /** Runs {@code busctl} of a user. */
    public Output busctl(BusUser user, String... arguments) {
        List<String> command = new ArrayList<>(List.of("busctl", "--system", "--no-pager"));
        command.addAll(List.of(arguments));
        return bus.runAs(user, command.toArray(String[]::new));
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        bus.close();
        ovs.close();
    }
}
