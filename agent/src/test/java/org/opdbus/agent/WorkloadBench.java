// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.opdbus.agent.EngineRelay.Heard;
import org.opdbus.agent.WorkloadHost.Guest;

/**
 * Measures the time from an engine's event about the start of a container to the live port of its link, and beside that what
 * {@code ovs-docker add-port} and {@code set-vlan} take for a container that runs already. An event counts from the engine's own time
 * of it, and from when it has told the agent, who cannot act before. A port is live when a monitor of Open vSwitch's own
 * says so.
 */
final class WorkloadBench {
    private static final int WARM_UPS = 5;

    private final WorkloadHost scene;
    private final SwitchWatch ports;
    private final int count;

    /** Times in milliseconds, sorted. */
    record Times(String what, List<Double> sorted) {
        Times {
            sorted = sorted.stream().sorted().toList();
        }

        double percentile(int percent) {
            int rank = (int) Math.ceil(sorted.size() * percent / 100.0);
            return sorted.get(Math.max(0, rank - 1));
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%s: p50 %.1f ms, p99 %.1f ms (%d containers)",
                    what,
                    percentile(50),
                    percentile(99),
                    sorted.size());
        }
    }

    WorkloadBench(WorkloadHost scene, SwitchWatch ports, int count) {
        this.scene = scene;
        this.ports = ports;
        this.count = count;
    }

    /** Lets the agent do a few times what is measured next: Java does slowly what it does for the first time. */
    void warmUp() {
        for (int n = 1; n <= WARM_UPS; n++) {
            List<Guest> guests = List.of(
                    scene.inDocker("warm-docker-" + n, 42, "10.42.0.250"),
                    scene.inPodman("warm-podman-" + n, 42, "10.42.0.251"));
            scene.run(guests, List.of());
            for (Guest guest : guests) {
                String port = WorkloadHost.port(guest);
                ports.awaitLive(port, 1);
                guest.engine().remove(List.of(guest.name()));
                ports.awaitGone(port);
            }
        }
    }

    /** Measures containers that are started one after the other. */
    List<Times> oneAtATime(String plugin) {
        List<Guest> guests = guests(plugin, "single");
        Map<String, Long> live = new HashMap<>();
        for (Guest guest : guests) {
            scene.run(List.of(guest), List.of());
            String port = WorkloadHost.port(guest);
            live.put(port, ports.awaitLive(port, 1));
        }
        return times("one " + plugin + " container at a time", guests, live);
    }

    /** Measures containers that are started at the same time. */
    List<Times> atOnce(String plugin) {
        List<Guest> guests = guests(plugin, "batch");
        scene.run(guests, List.of());
        Map<String, Long> live = new HashMap<>();
        for (Guest guest : guests) {
            String port = WorkloadHost.port(guest);
            live.put(port, ports.awaitLive(port, 1));
        }
        return times(plugin + " containers at once", guests, live);
    }

    /** Measures ovs-docker for one container after the other, without labels, each of which runs already. */
    List<Times> ovsDockerOneAtATime() {
        List<Double> times = IntStream.rangeClosed(1, count)
                .mapToObj(n -> attachedByHand("by-hand-" + n, n))
                .toList();
        return byHand("ovs-docker, one container at a time", times);
    }

    /** Measures ovs-docker for containers that are started at the same time, each as soon as its own {@code docker run} returns. */
    List<Times> ovsDockerAtOnce() {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<CompletableFuture<Double>> times = IntStream.rangeClosed(1, count)
                    .mapToObj(n -> CompletableFuture.supplyAsync(() -> attachedByHand("by-hand-" + n, n), threads))
                    .toList();
            return byHand(
                    "ovs-docker, containers at once",
                    times.stream().map(CompletableFuture::join).toList());
        } finally {
            threads.shutdown();
        }
    }

    /** Runs a container, and returns how long the two commands take that give it its port and its VLAN. */
    private double attachedByHand(String name, int number) {
        scene.docker.run(name, List.of());
        long called = System.nanoTime();
        ovsDocker("add-port", TestHost.BRIDGE, "eth0", name, "--ipaddress=10.41.0." + number + "/24");
        ovsDocker("set-vlan", TestHost.BRIDGE, "eth0", name, "42");
        return millis(System.nanoTime() - called);
    }

    private List<Times> byHand(String what, List<Double> times) {
        List<String> names =
                IntStream.rangeClosed(1, count).mapToObj(n -> "by-hand-" + n).toList();
        names.forEach(name -> ovsDocker("del-ports", TestHost.BRIDGE, name));
        scene.docker.remove(names);
        return List.of(new Times(what, times));
    }

    private void ovsDocker(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "DOCKER_HOST=unix://" + scene.docker.socket(),
                "OVS_RUNDIR=" + scene.host.ovs.runDir(),
                "ovs-docker"));
        command.addAll(List.of(arguments));
        TestHost.sh(command.toArray(String[]::new));
    }

    private List<Guest> guests(String plugin, String prefix) {
        List<Guest> guests = new ArrayList<>();
        for (int n = 1; n <= count; n++) {
            String name = prefix + "-" + plugin + "-" + n;
            guests.add(
                    plugin.equals("docker")
                            ? scene.inDocker(name, 42, "10.42.0." + n)
                            : scene.inPodman(name, 42, "10.42.0." + n));
        }
        return guests;
    }

    private List<Times> times(String what, List<Guest> guests, Map<String, Long> live) {
        List<Double> whole = new ArrayList<>();
        List<Double> late = new ArrayList<>();
        List<Double> ours = new ArrayList<>();
        live.forEach((port, liveNs) -> {
            Heard heard = scene.heard(guests.get(0).plugin()).of(port);
            whole.add(millis(epochNanos(liveNs) - heard.saidNs()));
            late.add(millis(epochNanos(heard.toldNs()) - heard.saidNs()));
            ours.add(millis(liveNs - heard.toldNs()));
        });
        guests.get(0).engine().remove(guests.stream().map(Guest::name).toList());
        ports.awaitGone("vi.*");
        return List.of(
                new Times(what + ", since the engine told", ours),
                new Times(what + ", since the engine's own time of the start", whole),
                new Times(what + ", until the engine told", late));
    }

    private static long epochNanos(long nanoTime) {
        Instant now = Instant.now();
        long ago = System.nanoTime() - nanoTime;
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - ago;
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }
}
