// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.opdbus.agent.growth.EmbeddedWire;
import org.opdbus.agent.growth.Growth;
import org.opdbus.agent.growth.NatsWire;
import org.opdbus.agent.growth.PlayedCluster;
import org.opdbus.agent.growth.PlayedWire;
import org.opdbus.agent.growth.WireCounter;
import org.opdbus.verticles.membership.MembershipOptions;
import org.opdbus.verticles.testing.NatsServers;
import org.slf4j.LoggerFactory;

/**
 * What a cluster of many hosts costs one agent: a real one beside many played ones. Started by deploy/bench.sh in a
 * laboratory of its own. Prints what it measures.
 */
final class GrowthBench {
    private static final String AGENT = "agent";
    private static final String AGENT_ADDRESS = "10.9.0.1";
    /** The addresses of the real members by which played hosts take part. */
    private static final int FIRST_ADDRESS = 100;

    private static final List<String> ON_THIS_JAVA =
            List.of("env", "OP_DBUS_JAVA=" + Path.of(System.getProperty("java.home"), "bin", "java"));

    private static final String PREFIX = "opdbus";
    private static final List<String> NATS_URLS =
            List.of("tls://127.0.0.1:4222", "tls://127.0.0.1:4223", "tls://127.0.0.1:4224");
    private static final int LINES_SHOWN = 10;
    private static final Duration UP_LIMIT = Duration.ofSeconds(60);

    private GrowthBench() {}

    /**
     * Measures.
     *
     * @param arguments the launcher of the program, the number of played hosts, and either of the real
     * members that carry them or {@code nats}
     */
    public static void main(String[] arguments) {
        int status = 1;
        try {
            run(arguments);
            status = 0;
        } catch (Exception | LinkageError | AssertionError e) {
            LoggerFactory.getLogger(GrowthBench.class).error("the measurement failed", e);
        } finally {
            // Threads of the members' libraries would keep this program.
            System.exit(status);
        }
    }

    private static void run(String[] arguments) throws Exception {
        Path launcher = Path.of(arguments[0]).toAbsolutePath();
        int played = Integer.parseInt(arguments[1]);
        if (arguments[2].equals("nats")) {
            onNats(launcher, played);
        } else {
            embedded(launcher, played, Math.min(played, Integer.parseInt(arguments[2])));
        }
    }

    private static void embedded(Path launcher, int played, int members) throws Exception {
        Path folder = Files.createTempDirectory("op-dbus-growth");
        try (TestNetwork wire = new TestNetwork(Optional.empty());
                WireHost host = new WireHost(AGENT, AGENT_ADDRESS, wire)) {
            say("%d played hosts on %d members beside a real agent", played, members);
            host.startSwitch();
            host.command("cluster", "init");
            PlayedCluster cluster = cluster(host.agent(), played, number -> address(number % members) + ":7800");
            List<MembershipOptions> options = new ArrayList<>();
            for (int i = 0; i < members; i++) {
                wire.addAddress(address(i));
                options.add(cluster.member(cluster.hosts().get(i), address(i), folder));
            }
            start(host.agent(), launcher);
            measure(
                    host.agent(),
                    cluster,
                    new EmbeddedWire(AGENT, cluster.hosts(), options),
                    WireCounter.ofLink(TestNetwork.link(AGENT)),
                    host::enrol,
                    folder);
        }
    }

    /** The agent is in this namespace, because the servers listen on its loopback addresses. */
    private static void onNats(Path launcher, int played) throws Exception {
        Path folder = Files.createTempDirectory("op-dbus-growth");
        Map<String, Object> settings = Map.of(
                "host",
                AGENT,
                "http",
                Map.of("listen", "127.0.0.1:0"),
                "cluster",
                Map.of("enabled", true, "engine", "nats", "nats", Map.of("servers", NATS_URLS)));
        try (TestHost host = new TestHost(settings)) {
            say("%d played hosts on %d nats-servers beside a real agent", played, NATS_URLS.size());
            host.ovs.start();
            host.ovs.addBridge(TestHost.BRIDGE);
            TestCommand.Result founded = TestCommand.run(host.agent.config(), "cluster", "init");
            if (founded.status() != 0) {
                throw new IllegalStateException(founded.toString());
            }
            PlayedCluster cluster = cluster(host.agent, played, number -> "127.0.0.1:7800");
            try (NatsServers servers =
                    new NatsServers(NATS_URLS.size(), cluster(host.agent).resolve("ca.pem")).start()) {
                start(host.agent, launcher);
                List<Function<String, String>> pages = new ArrayList<>();
                for (int i = 0; i < NATS_URLS.size(); i++) {
                    pages.add(servers.server(i)::state);
                }
                int[] containers = {0};
                Runnable enrol = () -> {
                    String id = "own" + ++containers[0];
                    host.run(id);
                    host.awaitEnrolled(id, "vi" + id);
                };
                PlayedWire wire = new NatsWire(
                        AGENT,
                        played,
                        PREFIX,
                        servers.urls(),
                        servers.tls(cluster.hosts().get(0)));
                measure(host.agent, cluster, wire, WireCounter.ofConnection("op-dbus " + AGENT, pages), enrol, folder);
            }
        }
    }

    private static Path cluster(AgentProcess agent) {
        return agent.folder().resolve("cluster");
    }

    private static PlayedCluster cluster(AgentProcess agent, int played, IntFunction<String> addresses) {
        PlayedCluster cluster = new PlayedCluster(cluster(agent));
        for (int i = 0; i < played; i++) {
            cluster.letIn(String.format(Locale.ROOT, "peer%04d", i), addresses.apply(i));
        }
        say("the CA took %.0f ms for the last host", cluster.lastMs());
        return cluster;
    }

    private static void start(AgentProcess agent, Path launcher) {
        agent.environment(Map.of());
        agent.startProgram(ON_THIS_JAVA, launcher);
    }

    private static void measure(
            AgentProcess agent,
            PlayedCluster cluster,
            PlayedWire wire,
            WireCounter counter,
            Runnable enrol,
            Path folder)
            throws Exception {
        int played = cluster.hosts().size();
        Instant begun = Instant.now();
        Growth.Real real = new Growth.Real(AGENT, agent.pid(), counter, agent.controlSocket());
        try (Growth growth = Growth.of(real, cluster, wire, folder.resolve("keys"))) {
            while (up(agent) < played && Duration.between(begun, Instant.now()).compareTo(UP_LIMIT) < 0) {
                // Each look costs the agent an answer about all hosts.
                TimeUnit.SECONDS.sleep(1);
            }
            say(
                    "%d are up after %.0f s",
                    up(agent), Duration.between(begun, Instant.now()).toMillis() / 1e3);
            growth.measure(enrol);
            say("hosts up at the end: %d", up(agent));
            agent.logText()
                    .lines()
                    .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                    .limit(LINES_SHOWN)
                    .forEach(System.out::println);
        }
    }

    private static String address(int member) {
        return "10.9.0." + (FIRST_ADDRESS + member);
    }

    private static int up(AgentProcess agent) {
        int up = 0;
        for (JsonNode each : agent.ask("hosts", Map.of("containers", false)).path("hosts")) {
            up += each.path("state").asText().equals("up") ? 1 : 0;
        }
        return up;
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
