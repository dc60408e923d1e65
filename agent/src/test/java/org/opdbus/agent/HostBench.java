// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.opdbus.agent.TestHost.sh;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
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
    private static final int FEW = 50;

    /** The parts that can be measured separately, in the order in which they are. */
    enum Part {
        START,
        /** Before the agent of this host, because it has hosts of its own, and only one can have a userspace datapath. */
        DBUS,
        /** Before the agent of this host, because it has a database of its own. */
        FUSE,
        /** Before every other part with the agent on this host, because it weighs an agent that has done nothing else. */
        RESTART,
        LINK,
        STORM,
        STREAM,
        CONTAINERS,
        LXC,
        STRANGERS,
        INTROSPECT,
        CAPTURE,
        SCALE;

        private static Set<Part> named(List<String> names, boolean quick) {
            Set<Part> parts = EnumSet.noneOf(Part.class);
            names.forEach(name -> parts.add(valueOf(name.toUpperCase(Locale.ROOT))));
            if (!parts.isEmpty()) {
                return parts;
            }
            // These take too long for a run that did not ask for them.
            return quick
                    ? EnumSet.complementOf(EnumSet.of(RESTART, STREAM, INTROSPECT, CAPTURE, SCALE))
                    : EnumSet.complementOf(EnumSet.of(SCALE));
        }
    }

    private HostBench() {}

    /**
     * Measures, prints a table, and writes all values to a file.
     *
     * @param arguments the launcher of the program; the file for the figures; a picture of them is written beside it;
     * {@code quick} for a short run; names of {@linkplain Part parts}; without one all that do not take long
     */
    public static void main(String[] arguments) throws Exception {
        List<String> more = Arrays.asList(arguments).subList(2, arguments.length);
        boolean quick = more.contains("quick");
        BenchHost host = new BenchHost(Path.of(arguments[0]), quick);
        measure(
                host,
                Part.named(more.stream().filter(word -> !word.equals("quick")).toList(), quick));
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

    /** All parts that do not take long, shortened. */
    static List<Figure> quick(Path program) throws IOException, InterruptedException {
        BenchHost host = new BenchHost(program, true);
        measure(host, Part.named(List.of(), true));
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
        if (parts.contains(Part.DBUS)) {
            new DBusBench(host).run();
        }
        if (parts.contains(Part.FUSE)) {
            new FuseBench(host).run();
        }
        host.start();
        try (SwitchWatch ports = host.ports()) {
            links(host, ports, parts, starts);
            if (parts.contains(Part.CONTAINERS)) {
                new ContainerBench(host).run(ports);
            }
            if (parts.contains(Part.LXC)) {
                new OneContainerBench(host, ports).run();
            }
            if (parts.contains(Part.STRANGERS)) {
                new StrangersBench(host, ports).run();
            }
            if (parts.contains(Part.INTROSPECT)) {
                new IntrospectBench(host).run();
            }
            if (parts.contains(Part.CAPTURE)) {
                new CaptureBench(host).run();
            }
            if (parts.contains(Part.SCALE)) {
                new ScaleBench(host, ports).run();
            }
        }
    }

    private static void links(BenchHost host, SwitchWatch ports, Set<Part> parts, StartBench starts)
            throws IOException, InterruptedException {
        if (Collections.disjoint(parts, EnumSet.of(Part.RESTART, Part.LINK, Part.STORM, Part.STREAM))) {
            return;
        }
        try (LinkBench links = new LinkBench(host)) {
            links.start(ports);
            if (parts.contains(Part.RESTART)) {
                int many = host.quick ? FEW : MANY;
                links.agentStorm(ports, many);
                starts.among(many);
                links.unplug(ports);
            }
            if (parts.contains(Part.LINK)) {
                new OneLinkBench(host, links, ports).run();
            }
            if (parts.contains(Part.STORM)) {
                links.storms(ports);
            }
            if (parts.contains(Part.STREAM)) {
                new StreamBench(host, links, ports).run();
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
