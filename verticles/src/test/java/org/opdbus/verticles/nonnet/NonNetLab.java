// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.processors.BehaviorProcessor;
import io.reactivex.rxjava3.processors.PublishProcessor;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.Bridge;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.LinkName;
import org.opdbus.events.Port;
import org.opdbus.events.PortEvent.BridgeAdded;
import org.opdbus.events.PortEvent.PortAdded;
import org.opdbus.events.Workload.Asked;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.events.Workload.LxcContainer;
import org.opdbus.events.Workload.VirtualMachine;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.inventory.ContainerNews;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.ContainerStatus;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.InventorySources;
import org.opdbus.verticles.inventory.InventoryVerticle;
import org.opdbus.verticles.inventory.KnownLab;
import org.opdbus.verticles.inventory.KnownLab.Endpoint;
import org.opdbus.verticles.inventory.KnownLab.Lan;
import org.opdbus.verticles.inventory.KnownLab.Place;
import org.opdbus.verticles.inventory.LiveInventory;
import org.opdbus.verticles.inventory.WantedContainer;
import org.opdbus.verticles.jsonrpc.JsonRpcLimits;
import org.opdbus.verticles.limits.ByteBudget;
import org.opdbus.verticles.testing.Eventually;

/** A served database in a folder of its own, the facts that a test publishes, and the programs that ask it. */
final class NonNetLab implements AutoCloseable {
    final Path dir;
    final Path socket;
    final Vertx vertx = Vertx.vertx();
    final Bus bus = new Bus(vertx);
    final LiveInventory inventory =
            new LiveInventory(HostFacts.atStart("here", "1.2.3", Instant.parse("2026-01-02T03:04:05Z")));
    private final PublishProcessor<List<ContainerNews>> news = PublishProcessor.create();
    /** The labs of the host. */
    final BehaviorProcessor<List<KnownLab>> labs = BehaviorProcessor.createDefault(List.of());

    private final List<Process> programs = new ArrayList<>();
    private List<ContainerStatus> containers = List.of();
    private @Nullable String deployment;

    NonNetLab() {
        try {
            dir = Files.createTempDirectory(Path.of("/tmp"), "nonnet-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        socket = dir.resolve("nonnet.db.sock");
    }

    /** Short waits, and bounds that a test can reach. */
    NonNetOptions options() {
        return options(Duration.ofSeconds(1));
    }

    /** The same, with another patience with silent clients: a client of the test's own may be slow to answer. */
    NonNetOptions options(Duration probeInterval) {
        return new NonNetOptions(
                socket,
                "op-dbus",
                "here",
                256,
                4,
                new JsonRpcLimits(64 << 10, 16_384, 32, 16, 1 << 20),
                new ByteBudget(8 << 20),
                probeInterval,
                Optional.of(Duration.ofSeconds(2)));
    }

    NonNetLab start() {
        return start(options());
    }

    NonNetLab start(NonNetOptions options) {
        InventoryVerticle writer = new InventoryVerticle(
                bus,
                inventory,
                new InventorySources(
                        news,
                        Completable.complete(),
                        NonNetLab::wanted,
                        Flowable.never(),
                        () -> Single.just(Map.of()),
                        Flowable.never(),
                        labs));
        vertx.deployVerticle(writer).toCompletionStage().toCompletableFuture().join();
        deployment = vertx.deployVerticle(new NonNetVerticle(inventory, options))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return this;
    }

    void stop() {
        if (deployment != null) {
            vertx.undeploy(deployment).toCompletionStage().toCompletableFuture().join();
            deployment = null;
        }
    }

    /** Says how all the containers stand from now on. */
    void containers(ContainerStatus... all) {
        List<ContainerStatus> now = List.of(all);
        List<ContainerNews> told = new ArrayList<>();
        for (ContainerStatus before : containers) {
            if (now.stream().noneMatch(status -> status.id().equals(before.id()))) {
                told.add(new ContainerNews(before.id(), Optional.empty()));
            }
        }
        now.forEach(status -> told.add(new ContainerNews(status.id(), Optional.of(status))));
        containers = now;
        news.onNext(told);
    }

    static ContainerStatus container(String id, boolean running) {
        LinkStatus link = new LinkStatus(7, "vi" + id, List.of(), Optional.of("vmbr0"), Optional.empty(), 11);
        return new ContainerStatus(
                new ContainerId(id),
                Optional.empty(),
                running,
                running ? ContainerPhase.ENROLLED : ContainerPhase.STOPPED,
                "",
                "",
                running ? List.of(link) : List.of());
    }

    /** A container of Docker that runs; its labels ask for a VLAN, and one of them is faulty. */
    static ContainerStatus engine(String own, String name, String image) {
        ContainerId id = Kind.DOCKER.id(own);
        Asked asked = new Asked(
                Optional.of("ovsbr0"),
                Optional.of(12),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("egress"),
                List.of("opdbus.mtu is \"x\", which is no number"));
        return new ContainerStatus(
                id,
                Optional.of(new EngineContainer(id, name, image, "none", asked)),
                true,
                ContainerPhase.WAITING,
                "the bridge ovsbr0 does not exist",
                "",
                List.of());
    }

    /** A virtual machine that runs, with two links. */
    static ContainerStatus machine(String own, String name) {
        ContainerId id = Kind.VM.id(own);
        return new ContainerStatus(
                id,
                Optional.of(new VirtualMachine(id, name, List.of())),
                true,
                ContainerPhase.ENROLLED,
                "",
                "",
                List.of(tap(5, "tap" + own + "i0"), tap(6, "tap" + own + "i1")));
    }

    private static LinkStatus tap(int index, String name) {
        return new LinkStatus(index, name, List.of(), Optional.of("vmbr0"), Optional.of(20), index);
    }

    static WantedContainer wanted(ContainerId id) {
        if (id.kind() != Kind.LXC) {
            return WantedContainer.UNNAMED;
        }
        return new WantedContainer(
                Optional.of("vi" + id), Optional.of("vmbr0"), Map.of("ipv4", "192.168.1." + id + "/24"), false);
    }

    void containerStarted(String id) {
        bus.publish(new ContainerStarted(new LxcContainer(new ContainerId(id), "/var/lib/lxc"), 4711));
    }

    void containerStopped(String id) {
        bus.publish(new ContainerStopped(new LxcContainer(new ContainerId(id), "/var/lib/lxc"), "it was told to"));
    }

    /** A lab with two endpoints on a LAN, of which the second is not live. */
    static KnownLab lab(String name) {
        Optional<Place> place = Optional.of(new Place("lan01", 7, List.of(9, 8)));
        return new KnownLab(
                name,
                "cloonix_" + name,
                true,
                false,
                List.of(
                        new Endpoint("_k_1_0", "a", "kvm", "running", 0, true, "02:00:00:00:00:01", place, 3, ""),
                        new Endpoint("_k_2_0", "b", "lxc", "ended", 0, false, "", place, 0, "it ended by itself")),
                List.of(new Lan("lan01", "_b_lan01", true, 2, 1)),
                Map.of("b", "it ended by itself"));
    }

    static Link link(int index, String name) {
        return new Link(
                index,
                new LinkName(name),
                List.of("alt" + index),
                "veth",
                Optional.of("02:00:00:00:00:01"),
                2,
                0,
                0,
                true,
                true);
    }

    static Port port(String name, int ofport) {
        return new Port(
                "00000000-0000-0000-0000-0000000000" + ofport,
                name,
                "vmbr0",
                Optional.of(42),
                Set.of(7, 5),
                Optional.empty(),
                Map.of("op-dbus:owner", "here", "op-dbus:container", "100"),
                "",
                ofport,
                Optional.empty());
    }

    static ContainerEnrolled enrolled(String id, String enrollment) {
        return new ContainerEnrolled(
                new ContainerId(id),
                enrollment,
                new LinkName("vi" + id),
                7,
                "vmbr0",
                Optional.of(42),
                Optional.empty(),
                Optional.of("02:00:00:00:00:01"),
                11,
                Optional.empty(),
                false);
    }

    /** The facts about a host with one container, 100, that runs and is enrolled. */
    NonNetLab oneContainer() {
        containers(container("100", true));
        bus.publish(new LinkAppeared(link(7, "vi100")));
        bus.publish(new BridgeAdded(new Bridge("vmbr0", "netdev")));
        bus.publish(new PortAdded(port("vi100", 11)));
        containerStarted("100");
        bus.publish(enrolled("100", "e-1"));
        Eventually.eventually(() -> {
            String rows = client("--data=bare", "--format=csv", "dump", remote(), "OpNonNet", "lxc");
            if (!rows.contains("vi100")) {
                throw new AssertionError(rows);
            }
        });
        return this;
    }

    String remote() {
        return "unix:" + socket;
    }

    /** Runs the stock ovsdb-client and gives what it printed. */
    String client(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ovsdb-client", "--timeout=30"));
        command.addAll(Arrays.asList(arguments));
        return run(command);
    }

    /** Runs a program to its end, which must be a good one, and gives what it printed. */
    String run(List<String> command) {
        try {
            Path output = Files.createTempFile(dir, "run", ".out");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end: " + Files.readString(output));
            }
            if (process.exitValue() != 0) {
                throw new AssertionError(
                        command + " ended with " + process.exitValue() + ": " + Files.readString(output));
            }
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Starts a program that goes on until the test ends, and gives the file that its output goes to. */
    Path begin(String... command) {
        try {
            Path output = Files.createTempFile(dir, "begin", ".out");
            programs.add(new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start());
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + Arrays.toString(command), e);
        }
    }

    @Override
    public void close() {
        programs.forEach(Process::destroyForcibly);
        vertx.close().toCompletionStage().toCompletableFuture().join();
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
