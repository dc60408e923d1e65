// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.opdbus.agent.TestHost.sh;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Compares the agent with its alternatives, on a real Open vSwitch and real containers: started by deploy/bench.sh in
 * a laboratory of its own. Both sides of a comparison are measured in turn, and both are watched by the same two
 * watchers: {@code ip monitor} and {@code ovsdb-client monitor}.
 */
final class HostBench {
    private static final int MANY = 1_000;

    /** The parts that can be measured separately. */
    enum Part {
        START,
        LINK,
        STORM,
        CONTAINERS,
        RESTART;

        private static Set<Part> named(List<String> names) {
            Set<Part> parts = EnumSet.noneOf(Part.class);
            names.forEach(name -> parts.add(valueOf(name.toUpperCase(Locale.ROOT))));
            return parts.isEmpty() ? EnumSet.allOf(Part.class) : parts;
        }
    }

    private HostBench() {}

    /**
     * Measures, prints a table, and writes all values to a file.
     *
     * @param arguments the launcher of the program; the file for the figures; a picture of them is written beside it;
     * {@code quick} for a short run; names of {@linkplain Part parts}, all if there are none
     */
    public static void main(String[] arguments) throws Exception {
        List<String> more = Arrays.asList(arguments).subList(2, arguments.length);
        BenchHost host = new BenchHost(Path.of(arguments[0]), more.contains("quick"));
        measure(
                host,
                Part.named(more.stream().filter(word -> !word.equals("quick")).toList()));
        Path picture = Path.of(arguments[1].replaceFirst("\\.json$", "") + ".svg");
        Files.writeString(picture, RatioPlot.of(host.figures()));
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(
                        Path.of(arguments[1]).toFile(),
                        Map.of(
                                "environment",
                                environment(),
                                "figures",
                                host.figures().stream().map(Figure::json).toList(),
                                "alone",
                                host.alone()));
    }

    /** All parts, shortened. */
    static List<Figure> quick(Path program) throws IOException, InterruptedException {
        BenchHost host = new BenchHost(program, true);
        measure(host, EnumSet.allOf(Part.class));
        return host.figures();
    }

    private static void measure(BenchHost host, Set<Part> parts) throws IOException, InterruptedException {
        BenchHost.say("%s", environment());
        try (host) {
            run(host, parts);
        }
        BenchHost.say("%n%s", Figure.HEADER);
        host.figures().forEach(figure -> BenchHost.say("%s", figure.row()));
        BenchHost.say("");
        host.alone().forEach((name, value) -> BenchHost.say("%s: %s", name, value));
        BenchHost.say("load average at the end: %.1f", load());
    }

    private static void run(BenchHost host, Set<Part> parts) throws IOException, InterruptedException {
        StartBench starts = new StartBench(host);
        if (parts.contains(Part.START)) {
            starts.commands();
        }
        host.start();
        try (SwitchWatch ports = host.ports()) {
            LinkBench links = new LinkBench(host);
            links.start(ports);
            if (parts.contains(Part.LINK)) {
                links.single(ports);
            }
            if (parts.contains(Part.STORM)) {
                links.storms(ports);
            }
            if (parts.contains(Part.CONTAINERS)) {
                new ContainerBench(host).run(ports);
            }
            if (parts.contains(Part.RESTART) && !host.quick) {
                links.agentStorm(ports, MANY);
                starts.among(MANY);
            }
        }
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static String environment() {
        return String.format(
                Locale.ROOT,
                "%d processors, Linux %s, Java %s, %s; load average %.1f",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.version"),
                System.getProperty("java.version"),
                sh("ovs-vsctl", "--version").lines().findFirst().orElse(""),
                load());
    }
}
