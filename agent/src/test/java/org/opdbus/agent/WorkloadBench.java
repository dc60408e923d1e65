// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.opdbus.agent.WorkloadHost.Guest;

/**
 * Measures the time from an engine's own event about the start of a container to the live port of its link, and beside that what
 * {@code ovs-docker add-port} and {@code set-vlan} take for a container that runs already. The times come from the engine's clock
 * and from a monitor of Open vSwitch's own.
 */
final class WorkloadBench {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final WorkloadHost scene;
    private final SwitchWatch ports;
    private final int count;

    /** Times in milliseconds, sorted. */
    record Times(String what, List<Double> sorted) {
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

    /** Lets the agent do once what is measured next. */
    void warmUp() {
        Guest guest = scene.inDocker("warm", 42, "10.42.0.250");
        scene.run(List.of(guest), List.of());
        String port = WorkloadHost.port(guest);
        ports.awaitLive(port, 1);
        scene.docker.remove(List.of(guest.name()));
        ports.awaitGone(port);
    }

    /** Measures containers that are started one after the other. */
    Times oneAtATime(String plugin) {
        List<Guest> guests = guests(plugin, "single");
        Instant since = Instant.now().minusSeconds(1);
        Map<String, Long> live = new HashMap<>();
        for (Guest guest : guests) {
            scene.run(List.of(guest), List.of());
            String port = WorkloadHost.port(guest);
            live.put(port, epochNanos(ports.awaitLive(port, 1)));
        }
        return times("one " + plugin + " container at a time", guests, since, live);
    }

    /** Measures containers that are started at the same time. */
    Times atOnce(String plugin) {
        List<Guest> guests = guests(plugin, "batch");
        Instant since = Instant.now().minusSeconds(1);
        scene.run(guests, List.of());
        Map<String, Long> live = new HashMap<>();
        for (Guest guest : guests) {
            String port = WorkloadHost.port(guest);
            live.put(port, epochNanos(ports.awaitLive(port, 1)));
        }
        return times(plugin + " containers at once", guests, since, live);
    }

    /** Measures ovs-docker for running containers without labels, from its call until the port with its VLAN is there. */
    Times ovsDocker() {
        List<Double> times = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int n = 1; n <= count; n++) {
            String name = "by-hand-" + n;
            scene.docker.run(name, List.of());
            names.add(name);
            long called = System.nanoTime();
            ovsDocker("add-port", TestHost.BRIDGE, "eth0", name, "--ipaddress=10.41.0." + n + "/24");
            ovsDocker("set-vlan", TestHost.BRIDGE, "eth0", name, "42");
            times.add(millis(System.nanoTime() - called));
        }
        names.forEach(name -> ovsDocker("del-ports", TestHost.BRIDGE, name));
        scene.docker.remove(names);
        return new Times(
                "ovs-docker add-port and set-vlan", times.stream().sorted().toList());
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

    private Times times(String what, List<Guest> guests, Instant since, Map<String, Long> live) {
        Guest any = guests.get(0);
        Map<String, Long> started = started(any, since);
        List<Double> times = live.entrySet().stream()
                .map(each -> millis(each.getValue() - started.getOrDefault(each.getKey(), 0L)))
                .sorted()
                .toList();
        any.engine().remove(guests.stream().map(Guest::name).toList());
        ports.awaitGone("vi.*");
        return new Times(what, times);
    }

    /** Returns when the engine says that each container started, in nanoseconds since 1970, by the name of its port. */
    private static Map<String, Long> started(Guest any, Instant since) {
        String events = TestHost.sh(
                "docker",
                "--host",
                "unix://" + any.engine().socket(),
                "events",
                "--since",
                Long.toString(since.getEpochSecond()),
                "--until",
                Long.toString(Instant.now().getEpochSecond() + 1),
                "--filter",
                "event=start",
                "--format",
                "{{json .}}");
        Map<String, Long> started = new HashMap<>();
        events.lines().forEach(line -> {
            JsonNode event = read(line);
            started.put(
                    "vi" + event.path("Actor").path("ID").asText().substring(0, 12),
                    event.path("timeNano").asLong());
        });
        return started;
    }

    private static JsonNode read(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(new IOException("not an event: " + line, e));
        }
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
