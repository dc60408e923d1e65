// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.config.DBusConfig;
import org.opdbus.verticles.bus.VertxSettings;
import org.opdbus.verticles.dbus.testing.BusClient;
import org.opdbus.verticles.dbus.testing.BusUser;
import org.opdbus.verticles.dbus.testing.PrivateBus;
import org.opdbus.verticles.dbus.wire.Body;
import org.opdbus.verticles.dbus.wire.BusConnection;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.dbus.wire.BusMessage;
import org.opdbus.verticles.dbus.wire.CallBytes;
import org.opdbus.verticles.dbus.wire.MemberAddress;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.dbus.wire.Variant;
import org.opdbus.verticles.testing.BusWatcher;

/** What callers on D-Bus can do to a real agent; the agent has the heap that it has in production. */
final class HostileBusIT {
    private static final String NAME = "org.opdbus";
    private static final String MANAGER = "org.opdbus.Manager1";
    private static final ObjectPath AGENT = new ObjectPath("/org/opdbus");
    private static final ObjectPath CONTAINERS = new ObjectPath("/org/opdbus/container");
    private static final MemberAddress LIST = new MemberAddress(NAME, AGENT, MANAGER, "ListContainers");
    private static final MemberAddress PING = new MemberAddress(NAME, AGENT, "org.freedesktop.DBus.Peer", "Ping");
    private static final String OBJECT_MANAGER = "org.freedesktop.DBus.ObjectManager";
    private static final ObjectPath HOST = ObjectPath.ROOT;
    private static final String SELECTS = "["
            + String.join(",", Collections.nCopies(64, "{\"op\":\"select\",\"table\":\"Interface\",\"where\":[]}"))
            + "]";
    private static final MemberAddress MANAGED =
            new MemberAddress(NAME, AGENT, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects");

    private final PrivateBus bus = new PrivateBus();
    private final TestHost host =
            new TestHost(Map.of("dbus", Map.of("names", DBusConfig.NAMES, "address", bus.address())));
    private final Vertx vertx = Vertx.vertx(VertxSettings.common());

    @AfterEach
    void close() {
        host.close();
        bus.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private BusClient client() {
        return new BusClient(vertx, bus.socketAddress());
    }

    private void start() {
        host.start();
        eventually(() -> assertThat(host.agent.logText()).contains("the agent owns " + NAME));
    }

    @Test
    void fifty_clients_that_never_read_end_nothing() {
        start();
        List<BusMessage> calls = List.of(
                BusMessage.call(MANAGED, Body.EMPTY),
                BusMessage.call(LIST, Body.EMPTY),
                BusMessage.call(
                        new MemberAddress(NAME, AGENT, "org.freedesktop.DBus.Introspectable", "Introspect"),
                        Body.EMPTY),
                BusMessage.call(
                        new MemberAddress(NAME, AGENT, "org.freedesktop.DBus.Properties", "GetAll"),
                        Body.of("s", MANAGER)));
        try (BusFlood flood = new BusFlood(bus.socket(), 50, calls)) {
            holds();
            assertThat(flood.calls()).as("calls of the attack").isPositive();
        }
        answers();
    }

    @Test
    void fifty_clients_that_never_read_long_answers_end_nothing() {
        start();
        for (int i = 0; i < 200; i++) {
            TestHost.sh("ip", "link", "add", "h" + i, "type", "veth", "peer", "name", "p" + i);
        }
        List<BusMessage> calls = List.of(
                BusMessage.call(new MemberAddress(NAME, HOST, OBJECT_MANAGER, "GetManagedObjects"), Body.EMPTY),
                BusMessage.call(portAgent("GetSystemNetworkState"), Body.EMPTY),
                BusMessage.call(portAgent("QueryState"), Body.of("s", "")),
                BusMessage.call(portAgent("GetBlocksByHeight"), Body.of("tt", 0L, -1L)),
                BusMessage.call(portAgent("VerifyBlockchainIntegrity"), Body.EMPTY),
                BusMessage.call(database("GetSchema"), Body.of("s", "Open_vSwitch")),
                BusMessage.call(database("Monitor"), Body.of("ss", "Open_vSwitch", "{}")),
                BusMessage.call(database("Transact"), Body.of("ss", "Open_vSwitch", SELECTS)));
        try (BusFlood flood = new BusFlood(bus.socket(), 50, calls)) {
            holds();
            assertThat(flood.calls()).as("calls of the attack").isPositive();
        }
        answers();
    }

    private static MemberAddress portAgent(String method) {
        return new MemberAddress(NAME, new ObjectPath("/dev/ovs/PortAgent1"), "dev.ovs.PortAgent1", method);
    }

    private static MemberAddress database(String method) {
        return new MemberAddress(NAME, new ObjectPath("/org/openvswitch/ovsdb"), "org.openvswitch.ovsdb", method);
    }

    @Test
    void callers_without_rights_that_never_stop_end_nothing() throws IOException {
        start();
        Path calls = Files.createTempFile(bus.folder(), "calls", ".bin");
        Files.write(calls, CallBytes.greeting(BusUser.ORDINARY.uid()));
        Files.write(
                calls,
                new CallBytes(List.of(BusMessage.call(LIST, Body.EMPTY), BusMessage.call(PING, Body.EMPTY)))
                        .next(40_000),
                StandardOpenOption.APPEND);
        Files.setPosixFilePermissions(calls, PosixFilePermissions.fromString("rw-r--r--"));
        List<Process> callers = IntStream.range(0, 5)
                .mapToObj(i -> bus.startAs(
                        BusUser.ORDINARY,
                        "sh",
                        "-c",
                        "exec nc -U \"$1\" <\"$2\"",
                        "sh",
                        bus.socket().toString(),
                        calls.toString()))
                .toList();
        try {
            eventually(() -> assertThat(host.agent.logText()).contains("dbus=refused"));
            holds();
            answers();
        } finally {
            callers.forEach(Process::destroyForcibly);
        }
        answers();
        assertThat(host.agent.logText().lines().filter(line -> line.contains("dbus=refused")))
                .as("lines about refused calls")
                .hasSizeLessThan(30);
    }

    @Test
    void ten_thousand_calls_are_answered_while_a_container_is_enrolled() {
        start();
        try (BusClient one = client();
                BusClient other = client()) {
            Repeated first = new Repeated(one.connection(), 5_000);
            Repeated second = new Repeated(other.connection(), 5_000);
            one.onLoop(first::begin);
            other.onLoop(second::begin);
            holds();
            assertThat(Future.all(first.answered.future(), second.answered.future())
                            .toCompletionStage()
                            .toCompletableFuture()
                            .orTimeout(BusWatcher.GENEROUS.toSeconds(), TimeUnit.SECONDS)
                            .thenApply(answered -> true))
                    .succeedsWithin(BusWatcher.GENEROUS);
        }
    }

    /** Calls again whenever an answer comes, with as many calls under way as one caller may have. */
    private static final class Repeated {
        private static final int UNDER_WAY = 64;

        private final Promise<Void> answered = Promise.promise();
        private final BusConnection connection;
        private int left;

        Repeated(BusConnection connection, int left) {
            this.connection = connection;
            this.left = left;
        }

        Future<Boolean> begin() {
            for (int i = 0; i < UNDER_WAY; i++) {
                again();
            }
            return Future.succeededFuture(true);
        }

        private void again() {
            connection
                    .call(BusMessage.call(PING, Body.EMPTY), BusWatcher.GENEROUS)
                    .onComplete(answer -> {
                        left--;
                        if (answer.failed()) {
                            answered.tryFail(answer.cause());
                        } else if (left <= 0) {
                            answered.tryComplete();
                        } else {
                            again();
                        }
                    });
        }
    }

    @Test
    void more_calls_at_once_than_a_caller_may_have_are_refused_and_no_more() {
        start();
        try (BusClient client = client()) {
            List<Future<BusMessage>> asked = client.onLoop(() -> {
                List<Future<BusMessage>> all = IntStream.range(0, 1_000)
                        .mapToObj(call ->
                                client.connection().call(BusMessage.call(LIST, Body.EMPTY), BusWatcher.GENEROUS))
                        .toList();
                return Future.join(all).otherwiseEmpty().map(all);
            });
            assertThat(asked).allMatch(call -> call.succeeded() || isLimit(call.cause()));
            assertThat(asked).anyMatch(Future::succeeded);
        }
        holds();
    }

    private static boolean isLimit(Throwable failure) {
        return failure instanceof BusErrorException error
                && error.name().equals("org.freedesktop.DBus.Error.LimitsExceeded");
    }

    @Test
    void arguments_that_do_not_fit_or_are_long_are_refused() {
        start();
        String megabyte = "x".repeat(1 << 20);
        Variant nested = Variant.of("x");
        for (int i = 0; i < 30; i++) {
            nested = new Variant("v", nested);
        }
        List<Body> bodies = List.of(
                Body.of("s", megabyte),
                Body.of("v", nested),
                Body.of("as", new Object[] {Collections.nCopies(10_000, "x")}),
                Body.of("a{sv}", Map.of("x", nested)),
                Body.of("ay", new Object[] {Collections.nCopies(1 << 14, (byte) 0)}),
                Body.of("ssssssssss", Collections.nCopies(10, "x")),
                Body.of("ss", megabyte.substring(1 << 19), megabyte.substring(1 << 19)),
                Body.of("((((((((s))))))))", new Object[] {deep(8)}),
                Body.of("t", -1L));
        List<MemberAddress> methods = List.of(
                new MemberAddress(NAME, AGENT, MANAGER, "ListContainers"),
                new MemberAddress(NAME, AGENT, MANAGER, "GetContainer"),
                new MemberAddress(NAME, AGENT, MANAGER, "Diff"),
                new MemberAddress(NAME, AGENT, MANAGER, "Apply"),
                new MemberAddress(NAME, AGENT, MANAGER, "VerifyLedger"),
                new MemberAddress(NAME, AGENT, MANAGER, "GetEntry"),
                new MemberAddress(NAME, AGENT, MANAGER, "Reload"),
                new MemberAddress(NAME, AGENT, MANAGER, "x".repeat(255)),
                new MemberAddress(NAME, AGENT, "org.freedesktop.DBus.Properties", "Get"),
                new MemberAddress(NAME, AGENT, "org.freedesktop.DBus.Properties", "GetAll"),
                new MemberAddress(NAME, AGENT, "org.freedesktop.DBus.Properties", "Set"),
                new MemberAddress(NAME, new ObjectPath("/org/opdbus/state"), "org.opdbus.StateManager", "ApplyState"),
                new MemberAddress(NAME, new ObjectPath("/org/opdbus/state"), "org.opdbus.StateManager", "QueryPlugin"),
                new MemberAddress(NAME, new ObjectPath("/org/opdbus/state"), "org.opdbus.StateManager", "QueryState"),
                portAgent("AddPort"),
                portAgent("GetBridgeTopology"),
                portAgent("ApplyState"),
                portAgent("QueryState"),
                portAgent("ShowDiff"),
                portAgent("GetBlocksByCategory"),
                portAgent("GetBlockByHash"),
                portAgent("CreateContainerInterface"),
                database("CreateBridge"),
                database("DeleteBridge"),
                database("BridgeExists"),
                database("ListBridgePorts"),
                database("GetSchema"),
                database("Transact"),
                database("Monitor"));
        ProcessFigures figures = new ProcessFigures(host.agent.pid());
        try (BusClient client = client()) {
            for (MemberAddress method : methods) {
                for (Body body : bodies) {
                    String result = result(client, method, body);
                    assertThat(result.length())
                            .as("%s %s", method, body.signature())
                            .isLessThan(5_000);
                }
            }
            // Nothing of a call stays when it is answered.
            for (int i = 0; i < 60; i++) {
                assertThat(result(client, methods.get(1), Body.of("s", megabyte)))
                        .contains("Error");
            }
            // Longer than the agent reads; the bus passes on up to 32 MiB.
            assertThat(result(client, methods.get(1), Body.of("s", megabyte.repeat(4))))
                    .contains("LimitsExceeded");
        }
        holds();
        assertThat(host.agent.logText()).doesNotContain("by a defect", "\tat ");
        assertThat(host.agent.logText().lines().mapToInt(String::length).max().orElse(0))
                .isLessThan(5_000);
        assertThat(figures.residentMaxKib()).isLessThan(150 << 10);
    }

    private static Object deep(int depth) {
        return depth == 0 ? "x" : List.of(deep(depth - 1));
    }

    private static String result(BusClient client, MemberAddress method, Body body) {
        try {
            return String.valueOf(client.call(method, body));
        } catch (BusErrorException e) {
            return e.name() + ": " + e.getMessage();
        }
    }

    @Test
    void every_name_that_a_container_can_have_is_an_object() throws IOException {
        List<String> names = new ArrayList<>();
        for (char c = ' '; c <= 0x7f; c++) {
            if (c != '/') {
                names.add("x" + c + "y");
            }
        }
        names.addAll(List.of("0", "100", "_", "_5f", "-", "\u00e9\u20ac\ud83d\ude00", "a".repeat(200), " ", "\u202e"));
        for (String name : names) {
            Path folder = Files.createDirectory(host.lxc.lxcPath().resolve(name));
            Files.writeString(folder.resolve("config"), "lxc.net.0.type = empty\n");
        }
        start();
        try (BusClient client = client()) {
            for (String name : names) {
                Object path = eventually(
                        () -> client.call(new MemberAddress(NAME, AGENT, MANAGER, "GetContainer"), Body.of("s", name))
                                .get(0));
                assertThat(path).isEqualTo(CONTAINERS.child(name));
                assertThat(client.call(property((ObjectPath) path), Body.of("ss", "org.opdbus.Container1", "Id")))
                        .isEqualTo(List.of(Variant.of(name)));
            }
            for (int value = 0; value < 256; value++) {
                ObjectPath path = new ObjectPath("/org/opdbus/container/z_%02x".formatted(value));
                assertThatThrownBy(() -> client.call(property(path), Body.of("ss", "org.opdbus.Container1", "Id")))
                        .as(path.value())
                        .hasMessageContaining("there is no object");
            }
            for (String element : List.of("_", "_0", "x__y", "_G0", "x_2Dy", "x_2", "a".repeat(30_000))) {
                ObjectPath path = new ObjectPath("/org/opdbus/container/" + element);
                assertThatThrownBy(() -> client.call(property(path), Body.of("ss", "org.opdbus.Container1", "Id")))
                        .isInstanceOf(BusErrorException.class);
            }
        }
        holds();
    }

    private static MemberAddress property(ObjectPath path) {
        return new MemberAddress(NAME, path, "org.freedesktop.DBus.Properties", "Get");
    }

    /** During the attack a container is enrolled, and the agent stays small. */
    private void holds() {
        ProcessFigures figures = new ProcessFigures(host.agent.pid());
        host.run("hold-1");
        host.awaitEnrolled("hold-1", "vihold-1");
        long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        do {
            host.agent.container("hold-1");
        } while (System.nanoTime() < end && host.agent.isAlive());
        assertThat(host.agent.isAlive()).as(host.agent.logText()).isTrue();
        assertThat(figures.residentMaxKib()).as("KiB resident at most").isLessThan(150 << 10);
    }

    /** Another client gets its answer. */
    private void answers() {
        try (BusClient client = client()) {
            eventually(
                    () -> assertThat(client.call(LIST, Body.EMPTY).toString()).contains("hold-1"));
        }
    }
}
