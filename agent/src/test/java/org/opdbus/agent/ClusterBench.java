// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.opdbus.agent.PeerTail.Line;
import org.opdbus.ledger.Entry;
import org.opdbus.verticles.testing.JavaProgram;

/**
 * The cost of a cluster and the delay of messages to peers, on a wire as in {@link SeveralHostsIT}: started by
 * deploy/bench.sh in a laboratory of its own. Prints what it measures.
 */
final class ClusterBench {
    private static final int IDLE_S = 30;
    private static final int STARTS = 5;
    private static final int CONTAINERS = 10;

    /**
     * The launcher chooses a Java by its environment, and the test runner's environment names one that does not
     * exist.
     */
    private static final List<String> ON_THIS_JAVA =
            List.of("env", "OP_DBUS_JAVA=" + Path.of(System.getProperty("java.home"), "bin", "java"));

    /** The same clock as the agent's, to the microsecond. */
    private static final String LOGGING = """
            <configuration>
              <appender name="STDERR" class="ch.qos.logback.core.ConsoleAppender">
                <target>System.err</target>
                <encoder><pattern>%d{yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z', UTC} %-5level %logger{0} %msg%n</pattern></encoder>
              </appender>
              <logger name="org.opdbus" level="INFO"/>
              <logger name="op-dbus" level="DEBUG"/>
              <root level="OFF"><appender-ref ref="STDERR"/></root>
            </configuration>
            """;

    private final Path launcher;
    private final Path folder;
    private final ManyHosts many;

    private ClusterBench(Path launcher, int hosts) throws IOException {
        this.launcher = launcher.toAbsolutePath();
        folder = Files.createTempDirectory("op-dbus-bench");
        Files.writeString(folder.resolve("logback.xml"), LOGGING);
        many = new ManyHosts(
                folder,
                IntStream.rangeClosed(1, hosts)
                        .mapToObj(number -> "host" + number)
                        .toList());
    }

    /**
     * Measures.
     *
     * @param arguments the launcher of the program, and how many hosts; with more than three only the cost of a host
     * is measured
     */
    public static void main(String[] arguments) throws Exception {
        int hosts = Integer.parseInt(arguments[1]);
        ClusterBench bench = new ClusterBench(Path.of(arguments[0]), hosts);
        try {
            if (hosts <= 3) {
                bench.alone();
            }
            bench.form();
            bench.idle();
            if (hosts <= 3) {
                bench.late();
                bench.troubled();
                bench.again();
            }
        } finally {
            bench.many.close();
        }
    }

    // --- a host by itself, and one of several ---

    private void alone() throws Exception {
        WireHost host = new WireHost("alone", "10.9.0.200", many.wire, Map.of());
        host.startSwitch();
        List<Double> ready = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            ready.add(start(host));
            if (i < STARTS - 1) {
                host.agent().stop();
            }
        }
        say("cluster off: start until ready %s ms", middle(ready));
        TimeUnit.SECONDS.sleep(IDLE_S);
        say("cluster off: %s", memory(host));
        host.close();
    }

    private void form() throws Exception {
        many.form(this::start);
    }

    private double start(WireHost host) {
        host.agent()
                .environment(
                        Map.of("OP_DBUS_JAVA_OPTS", "-Dlogback.configurationFile=" + folder.resolve("logback.xml")));
        Instant begun = Instant.now();
        host.agent().startProgram(ON_THIS_JAVA, launcher);
        return millis(begun, at(host, "agent.ready"));
    }

    private static Instant at(WireHost host, String words) {
        return eventually(() -> host.agent()
                .logText()
                .lines()
                .filter(line -> line.contains(words))
                .findFirst()
                .map(line -> Instant.parse(line.substring(0, line.indexOf(' '))))
                .orElseThrow());
    }

    private void idle() throws Exception {
        TimeUnit.SECONDS.sleep(IDLE_S);
        Map<String, Long> before = counters();
        Map<String, Double> processor = new HashMap<>();
        for (WireHost host : many.hosts) {
            processor.put(host.name, processorSeconds(host));
        }
        TimeUnit.SECONDS.sleep(IDLE_S);
        Map<String, Long> after = counters();
        for (WireHost host : many.hosts) {
            say(
                    "cluster of %d, %s: %s; nothing happens: sends %d and hears %d bytes/s; processor %.2f %%",
                    many.hosts.size(),
                    host.name,
                    memory(host),
                    difference(before, after, host.name + " rx_bytes") / IDLE_S,
                    difference(before, after, host.name + " tx_bytes") / IDLE_S,
                    (processorSeconds(host) - processor.getOrDefault(host.name, 0.0)) * 100 / IDLE_S);
        }
    }

    private static long difference(Map<String, Long> before, Map<String, Long> after, String name) {
        return after.getOrDefault(name, 0L) - before.getOrDefault(name, 0L);
    }

    /** The bridge's ends of the links: what they receive, the host has sent. */
    private Map<String, Long> counters() throws IOException {
        Map<String, Long> counters = new HashMap<>();
        for (WireHost host : many.hosts) {
            for (String name : List.of("rx_bytes", "tx_bytes")) {
                Path file = Path.of("/sys/class/net", "to-" + host.name, "statistics", name);
                counters.put(
                        host.name + " " + name,
                        Long.parseLong(Files.readString(file).strip()));
            }
        }
        return counters;
    }

    // --- delay of messages to peers ---

    private void late() throws Exception {
        many.hosts.forEach(WireHost::startSwitch);
        for (int i = 0; i < CONTAINERS; i++) {
            many.hosts.forEach(WireHost::enrol);
        }
        many.awaitEverythingTold();
        List<Double> late = new ArrayList<>();
        for (WireHost host : many.hosts) {
            // The first ones find code that is not compiled yet.
            List<Line> lines = host.tail.lines().stream().filter(Line::isEntry).toList();
            for (Line line : lines.subList(lines.size() / 4, lines.size())) {
                late.add(millis(Instant.parse(line.time()), Instant.parse(line.at())));
            }
        }
        say("from recorded here to told there: %s ms", spread(late));
        say("a TCP round trip of 300 bytes: %s ms", spread(roundTrips()));
    }

    private List<Double> roundTrips() {
        WireHost server = many.host(0);
        Process serving = JavaProgram.start(inside(server, JavaProgram.command(RoundTrips.class)));
        try {
            return TestHost.sh(inside(many.host(1), JavaProgram.command(RoundTrips.class, server.address))
                            .toArray(new String[0]))
                    .lines()
                    .map(line -> Long.parseLong(line) / 1e6)
                    .toList();
        } finally {
            serving.destroyForcibly();
        }
    }

    private static List<String> inside(WireHost host, List<String> command) {
        return Stream.concat(host.entering().stream(), command.stream()).toList();
    }

    // --- enrolment while the cluster is in trouble ---

    private void troubled() {
        WireHost troubled = many.host(2);
        List<WireHost> others = many.hosts.subList(0, 2);
        say("from running to enrolled, nothing wrong: %s ms", spread(enrolments(many.hosts)));
        many.wire.cut(troubled.name);
        say("the same on a host that is cut off: %s ms", spread(enrolments(List.of(troubled))));
        say("the same on the others: %s ms", spread(enrolments(others)));
        many.wire.mend(troubled.name);
        many.awaitAll();
        many.wire.trouble(troubled.name, 0.3, 0.3, 200);
        say("the same, 30 %% lost and 200 ms late each way: %s ms", spread(enrolments(List.of(troubled))));
        say("the same on the others: %s ms", spread(enrolments(others)));
        many.wire.calm(troubled.name);
        Instant healed = Instant.now();
        many.awaitEverythingTold();
        say("everything told %.1f s after that", millis(healed, Instant.now()) / 1000);
        many.awaitAll();
    }

    private static List<Double> enrolments(List<WireHost> hosts) {
        List<Double> took = new ArrayList<>();
        for (int i = 0; i < CONTAINERS; i++) {
            for (WireHost host : hosts) {
                String id = host.enrol();
                List<Entry> entries = host.agent().ledger();
                took.add(millis(time(entries, "container.started", id), time(entries, "container.enrolled", id)));
            }
        }
        return took;
    }

    private static Instant time(List<Entry> entries, String kind, String id) {
        return entries.stream()
                .filter(entry -> entry.kind().equals(kind) && entry.subject().equals(id))
                .map(Entry::time)
                .findFirst()
                .orElseThrow();
    }

    private void again() {
        WireHost host = many.host(1);
        List<Double> ready = new ArrayList<>();
        List<Double> up = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            host.agent().stop();
            Instant begun = Instant.now();
            ready.add(start(host));
            up.add(millis(begun, at(host, "cluster.up host=" + many.host(0).name)));
        }
        say("cluster on: start until ready %s ms, until a peer is heard %s ms", middle(ready), middle(up));
    }

    // --- figures ---

    private static String memory(WireHost host) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line :
                Files.readAllLines(Path.of("/proc", Long.toString(host.agent().pid()), "status"))) {
            if (line.startsWith("VmRSS") || line.startsWith("RssAnon")) {
                text.append(line.replaceAll("\\s+", " ")).append("  ");
            }
        }
        return text.toString().strip();
    }

    private static double processorSeconds(WireHost host) throws IOException {
        String stat =
                Files.readString(Path.of("/proc", Long.toString(host.agent().pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        // utime and stime (proc(5)) in ticks; Linux reports a hundred a second.
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
    }

    private static double millis(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e6;
    }

    private static String middle(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return String.format(Locale.ROOT, "%.0f", sorted.get(sorted.size() / 2));
    }

    private static String spread(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "p50 %.2f, p99 %.2f, of %d",
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 99 / 100),
                sorted.size());
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
