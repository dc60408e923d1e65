// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.opdbus.events.ContainerEvent.ContainerRemoved;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Event;
import org.opdbus.events.Port;
import org.opdbus.events.PortEvent.BridgeAdded;
import org.opdbus.events.PortEvent.BridgeRemoved;
import org.opdbus.events.PortEvent.PortAdded;
import org.opdbus.events.PortEvent.PortChanged;
import org.opdbus.events.PortEvent.PortRemoved;
import org.opdbus.events.Workload.LxcContainer;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.testing.BusWatcher;
import org.opdbus.verticles.testing.PrivateOvs;

/** A source on a real Open vSwitch, and a record of its facts. */
final class OvsLab implements AutoCloseable {
    final PrivateOvs ovs;
    final Vertx vertx = Vertx.vertx();
    final Bus bus = new Bus(vertx);
    final BusWatcher watcher = new BusWatcher(bus);
    final OvsdbVerticle source;

    /** Deploys the source; the daemons are the test's to start, before or after. */
    OvsLab(PrivateOvs ovs) {
        this(ovs, ovs.socket(), Duration.ofSeconds(1));
    }

    OvsLab(PrivateOvs ovs, Path socket, Duration probeInterval) {
        this.ovs = ovs;
        source = new OvsdbVerticle(
                bus,
                new OvsdbOptions(
                        socket, Duration.ofSeconds(2), probeInterval, Duration.ofMillis(20), Duration.ofMillis(200)));
        vertx.deployVerticle(source).toCompletionStage().toCompletableFuture().join();
    }

    /**
     * Waits for the subscriber's turn after this moment: all facts that were published until now have been heard then, as they
     * have for a caller that takes an answer on the subscriber's own context.
     */
    void takeTurn(String marker) {
        ContainerId id = new ContainerId(marker);
        bus.publish(new ContainerRemoved(new LxcContainer(id, "/nowhere")));
        watcher.expect(ContainerRemoved.class, event -> event.container().id().equals(id));
    }

    /** Returns the ports according to all facts so far: bridge and name, in order. */
    Set<String> portsHeard() {
        Map<String, Port> ports = new TreeMap<>();
        for (Event event : watcher.seen()) {
            if (event instanceof PortAdded added) {
                if (ports.put(added.port().uuid(), added.port()) != null) {
                    throw new AssertionError("added twice: " + added);
                }
            } else if (event instanceof PortChanged changed) {
                if (!changed.before().equals(ports.put(changed.port().uuid(), changed.port()))) {
                    throw new AssertionError("changed from what it was not: " + changed);
                }
            } else if (event instanceof PortRemoved removed) {
                if (!removed.port().equals(ports.remove(removed.port().uuid()))) {
                    throw new AssertionError("removed, but it was not there: " + removed);
                }
            }
        }
        Set<String> names = new TreeSet<>();
        ports.values().forEach(port -> names.add(port.bridge() + "/" + port.name()));
        return names;
    }

    Set<String> bridgesHeard() {
        Set<String> bridges = new TreeSet<>();
        for (Event event : watcher.seen()) {
            if (event instanceof BridgeAdded added) {
                bridges.add(added.bridge().name());
            } else if (event instanceof BridgeRemoved removed) {
                bridges.remove(removed.bridge().name());
            }
        }
        return bridges;
    }

    /** The same as {@link #portsHeard}, as ovs-vsctl tells it. */
    Set<String> portsTold() {
        Set<String> names = new TreeSet<>();
        ovs.vsctl("list-br").lines().filter(bridge -> !bridge.isEmpty()).forEach(bridge -> {
            names.add(bridge + "/" + bridge);
            ovs.vsctl("list-ports", bridge)
                    .lines()
                    .filter(port -> !port.isEmpty())
                    .forEach(port -> names.add(bridge + "/" + port));
        });
        return names;
    }

    /** Waits until a port of this name is live, and gives it as it was then. */
    Port live(String name) {
        return watcher.expect(
                        PortChanged.class,
                        event ->
                                event.port().name().equals(name) && event.port().isLive())
                .port();
    }

    /** Waits until a port of this name was added. */
    Port added(String name) {
        return watcher.expect(PortAdded.class, event -> event.port().name().equals(name))
                .port();
    }

    String attach(String name, String bridge) {
        return source.ports()
                .attach(new PortRequest(name, bridge, OURS, Map.of(), Optional.empty(), Set.of()))
                .blockingGet();
    }

    static final Map<String, String> OURS = Map.of("op-dbus:owner", "here", "op-dbus:container", "100");

    /** Makes a real pair of links, both up. */
    static void addLink(String name) {
        run("ip", "link", "add", "name", name, "type", "veth", "peer", "name", "p" + name);
        run("ip", "link", "set", "dev", name, "up");
        run("ip", "link", "set", "dev", "p" + name, "up");
    }

    static void run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(List.of(command) + " failed: " + output);
            }
        } catch (IOException e) {
            throw new AssertionError(List.of(command) + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        ovs.close();
    }
}
