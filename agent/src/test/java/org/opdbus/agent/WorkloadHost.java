// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.opdbus.verticles.testing.PrivateDocker;
import org.opdbus.verticles.testing.PrivateEngine;
import org.opdbus.verticles.testing.PrivatePodman;

/** A small host with a Docker and a Podman beside LXC, none of which tells the agent anything by itself. */
final class WorkloadHost implements AutoCloseable {
    private static final int AT_ONCE = 40;

    final PrivateDocker docker = new PrivateDocker();
    final PrivatePodman podman = new PrivatePodman();
    final TestHost host;
    private Map<String, EngineRelay> relays = Map.of();

    /**
     * A container that asks by its labels for a link.
     *
     * @param plugin {@code docker} or {@code podman}
     */
    record Guest(String plugin, PrivateEngine engine, String name, int vlan, String ip) {
        /** The options with which it is run. */
        List<String> options() {
            return List.of(
                    "--label",
                    "opdbus.bridge=" + TestHost.BRIDGE,
                    "--label",
                    "opdbus.vlan=" + vlan,
                    "--label",
                    "opdbus.ipv4=" + ip + "/24",
                    // Podman leaves it out, and ping needs it.
                    "--cap-add=NET_RAW");
        }

        /** Returns whether a ping of another guest is answered. */
        void pings(Guest other) {
            engine.exec(name, "ping", "-c", "1", "-W", "20", other.ip());
        }
    }

    /** Creates the host; nothing runs yet. */
    WorkloadHost() {
        host = host(docker.socket(), podman.socket());
    }

    private WorkloadHost(Function<Path, EngineRelay> between) {
        relays = Map.of("docker", between.apply(docker.socket()), "podman", between.apply(podman.socket()));
        host = host(heard("docker").socket(), heard("podman").socket());
    }

    /** Creates a host that notes what its engines tell the agent, and when; nothing runs yet. */
    static WorkloadHost overheard() {
        return new WorkloadHost(EngineRelay::new);
    }

    private static TestHost host(Path docker, Path podman) {
        return new TestHost(Map.of(
                "workloads",
                Map.of(
                        "docker", Map.of("socket", docker.toString()),
                        "podman", Map.of("socket", podman.toString()))));
    }

    /** Returns what listens to an engine of a host that is {@link #overheard}. */
    EngineRelay heard(String plugin) {
        return Optional.ofNullable(relays.get(plugin)).orElseThrow();
    }

    /** Starts the engines, Open vSwitch and the agent. */
    WorkloadHost start() {
        docker.start();
        podman.start();
        host.start();
        return this;
    }

    Guest inDocker(String name, int vlan, String ip) {
        return new Guest("docker", docker, name, vlan, ip);
    }

    Guest inPodman(String name, int vlan, String ip) {
        return new Guest("podman", podman, name, vlan, ip);
    }

    /** Runs guests, all at the same time, and whatever else is to be done beside that. */
    void run(Collection<Guest> guests, Collection<Runnable> beside) {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Runnable> all = new ArrayList<>(beside);
            guests.forEach(guest -> all.add(() -> guest.engine().run(guest.name(), guest.options())));
            CompletableFuture.allOf(all.stream()
                            .map(each -> CompletableFuture.runAsync(each, threads))
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
        } finally {
            threads.shutdown();
        }
    }

    /** Returns what {@code op-dbus query --plugin docker} or {@code podman} shows, by name. */
    Map<String, JsonNode> shown(String plugin) {
        List<JsonNode> all = new ArrayList<>();
        host.agent.ask("query", plugin).path("containers").forEach(all::add);
        return all.stream()
                .collect(Collectors.toMap(one -> one.path("name").asText(), Function.identity(), (one, other) -> one));
    }

    JsonNode shown(Guest guest) {
        return shown(guest.plugin()).getOrDefault(guest.name(), MissingNode.getInstance());
    }

    /** The name of the port of a container. */
    static String port(PrivateEngine engine, String name) {
        return "vi" + engine.run("inspect", "--format", "{{.Id}}", name).substring(0, 12);
    }

    static String port(Guest guest) {
        return port(guest.engine(), guest.name());
    }

    /** Waits until a guest is enrolled with its VLAN, and has its address. */
    void awaitEnrolled(Guest guest) {
        String port = port(guest);
        eventually(() -> {
            JsonNode shown = shown(guest);
            assertThat(shown.path("state").asText())
                    .as("state of %s, %s\n%s", guest.name(), shown, host.agent.logText())
                    .isEqualTo("enrolled");
            Rows rows = Rows.of(host.ovs);
            assertThat(rows.ofport(port)).isPositive();
            assertThat(rows.tag(port)).isEqualTo(Integer.toString(guest.vlan()));
            assertThat(rows.externalIds(port)).containsKey("op-dbus:entry");
        });
        assertThat(guest.engine().exec(guest.name(), "ip", "-o", "-4", "addr")).contains(guest.ip() + "/24");
    }

    /** Waits until the query shows a container in this state, with this text in the reason. */
    void awaitState(String plugin, String name, String state, String reason) {
        eventually(() -> {
            JsonNode shown = shown(plugin).getOrDefault(name, MissingNode.getInstance());
            assertThat(shown.path("state").asText())
                    .as("state of %s, %s\n%s", name, shown, host.agent.logText())
                    .isEqualTo(state);
            assertThat(shown.path("reason").asText()).contains(reason);
        });
    }

    /** Waits until the agent says that a source is {@code listed} or {@code lost}. */
    void awaitSource(String source, String state) {
        HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:8080/readyz"))
                .build();
        eventually(() -> assertThat(HttpClient.newHttpClient()
                        .send(ready, BodyHandlers.ofString())
                        .body())
                .contains("\"" + source + "\" : \"" + state));
    }

    /** Waits until nothing of the agent's is left: no port, no link, no enrolment that is open. */
    void awaitNothing() {
        host.awaitPorts();
        eventually(() -> {
            assertThat(TestHost.sh("ip", "-o", "link")).doesNotContain(": vi");
            assertThat(LedgerStory.of(host.agent).isToldOnce().open()).isEmpty();
        });
    }

    @Override
    public void close() {
        relays.values().forEach(EngineRelay::close);
        try {
            docker.close();
        } finally {
            try {
                podman.close();
            } finally {
                host.close();
            }
        }
    }
}
