// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.opdbus.verticles.testing.LxcContainers;
import org.opdbus.verticles.testing.LxcContainers.Definition;
import org.opdbus.verticles.testing.PrivateOvs;

/** A small host: a private Open vSwitch, real containers, and a real agent that gets no messages about them. */
public final class TestHost implements AutoCloseable {
    public static final String BRIDGE = "vmbr0";

    public final PrivateOvs ovs;
    public final LxcContainers lxc;
    public final AgentProcess agent;

    /** Creates a scene whose agent has these additional settings; nothing is started yet. */
    public TestHost(Map<String, Object> settings) {
        this(settings, List.of());
    }

    /** The same, with its programs started by one such as nsenter(1), which executes them. */
    TestHost(Map<String, Object> settings, List<String> through) {
        this(settings, through, PrivateOvs::socket);
    }

    /** Creates a scene whose agent connects to another socket than the database's own, which relays to it. */
    static TestHost through(Function<PrivateOvs, Path> socket) {
        return new TestHost(Map.of(), List.of(), socket);
    }

    private TestHost(Map<String, Object> settings, List<String> through, Function<PrivateOvs, Path> socket) {
        ovs = new PrivateOvs(through);
        lxc = new LxcContainers(through);
        lxc.environment("OVS_RUNDIR", ovs.runDir().toString());
        Map<String, Object> all = new LinkedHashMap<>(Map.of(
                "ovsdb", Map.of("socket", socket.apply(ovs).toString(), "resyncIntervalMs", 3_600_000),
                "lxc", Map.of("path", lxc.lxcPath().toString(), "driver", "lxc"),
                "enrollment", Map.of("bridge", BRIDGE)));
        settings.forEach((section, its) -> all.merge(section, its, AgentProcess::merged));
        try {
            agent = new AgentProcess(Files.createTempDirectory("op-dbus-scene"), all);
            agent.through(through);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts Open vSwitch with the bridge, and the agent. */
    public TestHost start() {
        ovs.start();
        ovs.addBridge(BRIDGE);
        agent.start();
        return this;
    }

    /** Creates a container with one unattached link, and starts it by plain lxc-start. */
    public void run(String id) {
        run(Definition.of(id));
    }

    public void run(Definition definition) {
        lxc.create(definition);
        lxc.start(definition.id());
    }

    /** Returns the names of the ports of the bridge. */
    Set<String> ports() {
        return new TreeSet<>(lines(ovs.vsctl("list-ports", BRIDGE)));
    }

    int ofport(String port) {
        String answer = ovs.vsctl("get", "Interface", port, "ofport").strip();
        return answer.equals("[]") ? 0 : Integer.parseInt(answer);
    }

    /** Waits until the container's first link is enrolled as this port: live, and in the query's answer. */
    public JsonNode awaitEnrolled(String id, String port) {
        return eventually(() -> {
            JsonNode container = agent.container(id);
            assertThat(container.path("state").asText())
                    .as("state of %s, %s\n%s", id, container, agent.logText())
                    .isEqualTo("enrolled");
            assertThat(container.path("veth").asText()).isEqualTo(port);
            assertThat(ofport(port)).isPositive();
            return container;
        });
    }

    /** Waits until the query shows the container in this state, with this text in the reason. */
    public JsonNode awaitState(String id, String state, String reason) {
        return eventually(() -> {
            JsonNode container = agent.container(id);
            assertThat(container.path("state").asText())
                    .as("state of %s, %s\n%s", id, container, agent.logText())
                    .isEqualTo(state);
            assertThat(container.path("reason").asText()).contains(reason);
            return container;
        });
    }

    /** Waits until no port of the bridge is left except these. */
    public void awaitPorts(String... ports) {
        eventually(() -> assertThat(ports()).as(agent.logText()).containsExactlyInAnyOrder(ports));
    }

    /** Runs a program in this namespace; fails the test if it fails. */
    public static String sh(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            int status = process.waitFor();
            assertThat(status).as("%s: %s", Arrays.toString(command), output).isZero();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Lets the calling thread, and those that it starts, run before all else on a busy machine: for what tells the time. */
    static void firstOnTheProcessor() {
        try {
            Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self"));
            sh("renice", "-n", "-20", "-p", thread.getFileName().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills and destroys every container of this test, made by any program. */
    void destroyAll() {
        Path path = lxc.lxcPath();
        List<String> ids = lines(sh("lxc-ls", "-P", path.toString(), "-1"));
        ids.forEach(id -> sh("sh", "-c", "lxc-stop -k -P " + path + " -n " + id + " || test $? -eq 2"));
        ids.forEach(id -> sh("lxc-destroy", "-P", path.toString(), "-n", id));
    }

    static boolean linkExists(String name) {
        return Files.exists(Path.of("/sys/class/net", name));
    }

    /** The index of a link of this namespace. */
    static String indexOf(String name) {
        try {
            return Files.readString(Path.of("/sys/class/net", name, "ifindex")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    @Override
    public void close() {
        agent.close();
        lxc.close();
        ovs.close();
    }
}
