// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.opdbus.config.DBusConfig;
import org.opdbus.verticles.dbus.testing.BusClient;
import org.opdbus.verticles.dbus.testing.PrivateBus;
import org.opdbus.verticles.dbus.wire.Body;
import org.opdbus.verticles.dbus.wire.BusConnection;
import org.opdbus.verticles.dbus.wire.BusMessage;
import org.opdbus.verticles.dbus.wire.MemberAddress;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.dbus.wire.Variant;
import org.opdbus.verticles.testing.Eventually;
import org.opdbus.verticles.testing.LxcContainers.Definition;

/** What D-Bus costs, and how late its callers hear: a bus, and hosts of its own. */
final class DBusBench {
    private static final int MANY = 500;
    private static final MemberAddress MANAGED = new MemberAddress(
            "org.opdbus", new ObjectPath("/org/opdbus"), "org.freedesktop.DBus.ObjectManager", "GetManagedObjects");

    private final BenchHost host;

    DBusBench(BenchHost host) {
        this.host = host;
    }

    void run() throws IOException, InterruptedException {
        try (PrivateBus bus = new PrivateBus()) {
            starts(bus);
            try (TestHost with = scene(bus, DBusConfig.NAMES)) {
                heard(bus, with);
            }
            many(bus);
        }
    }

    private static TestHost scene(PrivateBus bus, List<String> names) {
        return new TestHost(Map.of(
                "dbus", Map.of("names", names, "address", bus.address()), "http", Map.of("listen", "127.0.0.1:0")));
    }

    private void starts(PrivateBus bus) {
        Figure figure = host.figure("start until READY with D-Bus", "the same without", "≤ 1.05");
        try (TestHost with = scene(bus, DBusConfig.NAMES);
                TestHost without = scene(bus, List.of())) {
            for (int i = -host.warmUps(); i < host.rounds(15); i++) {
                double ours = start(with.agent);
                double theirs = start(without.agent);
                if (i >= 0) {
                    figure.add(ours, theirs);
                }
            }
        }
    }

    private double start(AgentProcess agent) {
        long start = System.nanoTime();
        agent.startProgram(BenchHost.ON_THIS_JAVA, host.program);
        double taken = BenchHost.millis(System.nanoTime() - start);
        agent.stop();
        return taken;
    }

    /** From the fact to the signal, and to the line of a tail. */
    private void heard(PrivateBus bus, TestHost with) throws IOException, InterruptedException {
        Figure figure = host.figure(
                "a container is enrolled until PropertiesChanged", "the same until its line in a tail", "p50 ≤ 10 ms");
        with.ovs.start();
        with.ovs.addBridge(TestHost.BRIDGE);
        with.agent.startProgram(BenchHost.ON_THIS_JAVA, host.program);
        Vertx vertx = Vertx.vertx();
        Map<String, Instant> signals = new ConcurrentHashMap<>();
        try (BusClient client = new BusClient(vertx, bus.socketAddress(), (own, message) -> take(message, signals));
                Tail tail = new Tail(with.agent.controlSocket())) {
            client.call(
                    BusConnection.bus("AddMatch"),
                    Body.of("s", "type='signal',interface='org.freedesktop.DBus.Properties'"));
            for (int i = -host.warmUps(); i < host.rounds(50); i++) {
                String id = "heard" + (i + host.warmUps());
                with.lxc.create(Definition.of(id));
                with.lxc.start(id);
                Tail.Heard line = tail.await(id);
                Instant signal = await(id, signals);
                if (i >= 0) {
                    figure.add(millis(line.fact(), signal), millis(line.fact(), line.arrived()));
                }
                with.lxc.stop(id);
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static double millis(Instant from, Instant to) {
        return ChronoUnit.MICROS.between(from, to) / 1e3;
    }

    private static void take(BusMessage signal, Map<String, Instant> signals) {
        if (signal.body().signature().equals("sa{sv}as")) {
            Map<?, ?> changed = (Map<?, ?>) signal.body().values().get(1);
            if (Variant.of("enrolled").equals(changed.get("State"))) {
                signals.put(signal.path().orElseThrow().value(), Instant.now());
            }
        }
    }

    private static Instant await(String id, Map<String, Instant> signals) throws InterruptedException {
        String path = "/org/opdbus/container/" + id;
        while (!signals.containsKey(path)) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        return signals.get(path);
    }

    /** The answer about many containers, and the memory for it. */
    private void many(PrivateBus bus) throws IOException {
        Figure asked =
                host.figure("GetManagedObjects, " + MANY + " containers", "the query on control.sock", "≤ 100 ms");
        List<Long> memory = new ArrayList<>();
        Vertx vertx = Vertx.vertx();
        for (List<String> names : List.of(DBusConfig.NAMES, List.<String>of())) {
            try (TestHost scene = scene(bus, names);
                    BusClient client = new BusClient(vertx, bus.socketAddress())) {
                for (int i = 0; i < MANY; i++) {
                    define(scene.lxc.lxcPath().resolve("c" + i));
                }
                scene.agent.startProgram(BenchHost.ON_THIS_JAVA, host.program);
                Eventually.eventually(() -> names.isEmpty() || count(client) == MANY);
                for (int i = -host.warmUps(); i < host.rounds(15); i++) {
                    double ours = names.isEmpty() ? 0 : objects(client);
                    double theirs = query(scene.agent);
                    if (i >= 0 && !names.isEmpty()) {
                        asked.add(ours, theirs);
                    }
                }
                memory.add(residentKib(scene.agent.pid()));
            }
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
        host.alone(
                "resident memory with D-Bus asked for " + MANY + " containers, and without D-Bus (goal: ≤ 8 MB more)",
                memory.get(0) + " KiB, " + memory.get(1) + " KiB");
    }

    private static long residentKib(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    /** A container that never starts. */
    private static void define(Path folder) throws IOException {
        Files.createDirectory(folder);
        Files.writeString(
                folder.resolve("config"), "lxc.net.0.type = veth\nlxc.uts.name = " + folder.getFileName() + "\n");
    }

    private static int count(BusClient client) {
        return ((Map<?, ?>) client.call(MANAGED, Body.EMPTY).get(0)).size();
    }

    private static double objects(BusClient client) {
        long start = System.nanoTime();
        count(client);
        return BenchHost.millis(System.nanoTime() - start);
    }

    private static double query(AgentProcess agent) {
        try (JsonConnection connection = new JsonConnection(agent.controlSocket())) {
            long start = System.nanoTime();
            connection.ask("{\"id\":1,\"method\":\"query\",\"params\":[\"lxc\"]}");
            return BenchHost.millis(System.nanoTime() - start);
        }
    }

    /** A tail of the control socket, and when its lines about enrolments came. */
    private static final class Tail implements AutoCloseable {
        private final SocketChannel channel;
        private final Map<String, Heard> heard = new ConcurrentHashMap<>();

        record Heard(Instant fact, Instant arrived) {}

        Tail(Path socket) throws IOException {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(socket));
            OutputStream out = Channels.newOutputStream(channel);
            out.write("{\"id\":1,\"method\":\"events\",\"params\":[{}]}".getBytes(StandardCharsets.UTF_8));
            Thread reader = new Thread(this::read, "tail");
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            try (MappingIterator<JsonNode> messages =
                    new ObjectMapper().readerFor(JsonNode.class).readValues(Channels.newInputStream(channel))) {
                while (messages.hasNext()) {
                    JsonNode line = messages.next().path("params").path(0);
                    if (line.path("kind").asText().equals("container.enrolled")) {
                        heard.put(
                                line.path("subject").asText(),
                                new Heard(Instant.parse(line.path("time").asText()), Instant.now()));
                    }
                }
            } catch (IOException | RuntimeException closed) {
                // The benchmark has ended, or waits in vain and is ended by hand.
            }
        }

        Heard await(String id) throws InterruptedException {
            while (!heard.containsKey(id)) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            return heard.get(id);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
