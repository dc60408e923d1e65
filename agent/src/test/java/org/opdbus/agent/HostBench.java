// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.opdbus.agent.Scene.sh;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.LxcContainers.Definition;

/**
 * The agent beside what one would run instead, on a real Open vSwitch and real containers: started by deploy/bench.sh in a
 * laboratory of its own. Both sides of a comparison are measured in turn, and both are watched by the same two watchers:
 * {@code ip monitor} and {@code ovsdb-client monitor}.
 */
final class HostBench {
    /** Links are plugged into these by turns: what happens to one container happens in order. */
    private static final List<String> CONTAINERS =
            IntStream.range(500, 510).mapToObj(String::valueOf).toList();

    private static final String PLUGGED = "vi50\\di.*";

    /** The group of links (ip-link(8)) that are plugged into the container, so that they are unplugged by one command. */
    private static final String HOT = "77";

    /** The launcher chooses a Java by its environment, and a test runner's names one that is none. */
    private static final List<String> ON_THIS_JAVA = List.of("env", "OP_DBUS_JAVA=" + java());

    private final Path program;
    private final boolean quick;
    private final Set<Part> parts;
    private final List<Figure> figures = new ArrayList<>();
    private final Map<String, Object> alone = new LinkedHashMap<>();
    private final Scene scene = new Scene(Map.of(
            "enrollment",
            Map.of("bridge", Scene.BRIDGE, "ignore", List.of("by-lxc-*")),
            "http",
            Map.of("listen", "127.0.0.1:0")));
    private final List<Long> inits = new ArrayList<>();
    private int number;

    /** What can be measured by itself. */
    enum Part {
        START,
        LINK,
        STORM,
        CONTAINERS,
        RESTART
    }

    private HostBench(Path program, boolean quick, Set<Part> parts) {
        this.program = program;
        this.quick = quick;
        this.parts = parts;
    }

    /**
     * Measures, prints a table, and writes everything measured to a file.
     *
     * @param arguments the launcher of the program; the file for the figures, beside which a picture of them goes;
     *     {@code quick} for a short run; names of {@link Part}s in lower case for these only
     */
    public static void main(String[] arguments) throws Exception {
        List<String> words = List.of(arguments).subList(2, arguments.length);
        Set<Part> parts = EnumSet.noneOf(Part.class);
        words.stream()
                .filter(word -> !word.equals("quick"))
                .forEach(word -> parts.add(Part.valueOf(word.toUpperCase(Locale.ROOT))));
        HostBench bench = measure(
                Path.of(arguments[0]),
                words.contains("quick"),
                parts.isEmpty() ? EnumSet.allOf(Part.class) : parts);
        Path picture = Path.of(arguments[1].replaceFirst("\\.json$", "") + ".svg");
        Files.writeString(picture, RatioPlot.of(bench.figures));
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(
                        Path.of(arguments[1]).toFile(),
                        Map.of(
                                "environment",
                                environment(),
                                "figures",
                                bench.figures.stream().map(Figure::json).toList(),
                                "alone",
                                bench.alone));
    }

    /** Measures and prints a table. */
    static HostBench measure(Path program, boolean quick, Set<Part> parts) throws IOException, InterruptedException {
        HostBench bench = new HostBench(program.toAbsolutePath(), quick, parts);
        say("%s", environment());
        try {
            bench.run();
        } finally {
            bench.scene.close();
        }
        say("%n%s", Figure.HEADER);
        bench.figures.forEach(figure -> say("%s", figure.row()));
        say("");
        bench.alone.forEach((name, value) -> say("%s: %s", name, value));
        say("load average at the end: %.1f", load());
        return bench;
    }

    List<Figure> figures() {
        return figures;
    }

    private void run() throws IOException, InterruptedException {
        if (parts.contains(Part.START)) {
            commands();
        }
        if (parts.equals(EnumSet.of(Part.START))) {
            return;
        }
        scene.ovs.start();
        scene.ovs.addBridge(Scene.BRIDGE);
        scene.agent.startProgram(ON_THIS_JAVA, program);
        try (SwitchWatch ports = new SwitchWatch(scene.ovs.socket().toString());
                RawSwitch raw = new RawSwitch(scene.ovs.socket())) {
            CONTAINERS.forEach(scene::run);
            ports.awaitLive("vi50\\d", CONTAINERS.size());
            CONTAINERS.forEach(id -> inits.add(scene.lxc.initPid(id)));
            if (parts.contains(Part.LINK)) {
                links(ports, raw);
            }
            if (parts.contains(Part.STORM)) {
                for (int links : quick ? new int[] {50} : new int[] {10, 50, 200, 1_000}) {
                    storm(ports, links);
                }
            }
            if (parts.contains(Part.CONTAINERS)) {
                containers(ports, quick ? 4 : 50);
            }
            if (parts.contains(Part.RESTART) && !quick) {
                restartFull(ports, 1_000);
            }
        }
    }

    private void links(SwitchWatch ports, RawSwitch raw) {
        int before = 0;
        for (int present : quick ? new int[] {0, 100} : new int[] {0, 100, 400, 1_000}) {
            fill(ports, before, present);
            before = present;
            oneLink(ports, raw, present);
        }
        empty(ports, before);
    }

    private int rounds(int full) {
        return quick ? 3 : full;
    }

    // --- one link, from when the kernel tells of it until it is live ---

    private void oneLink(SwitchWatch ports, RawSwitch raw, int present) {
        Figure waiting = figure(
                "one link, " + present + " ports present",
                "ms",
                "`ip` + `ovs-vsctl`",
                present == 0 ? "≤ 0.10" : present == 400 ? "≤ 0.03" : "");
        Figure noWait = figure("one link, " + present + " ports present", "ms", "`ip` + `ovs-vsctl --no-wait`", "");
        Figure least = figure("one link, " + present + " ports present", "ms", "one raw transaction", "");
        for (int i = -2; i < rounds(9); i++) {
            double ours = agentLink(ports);
            double script = strangersLink(ports, (from, to) -> byScript(from, to, ""));
            double impatient = strangersLink(ports, (from, to) -> byScript(from, to, "--no-wait"));
            double transaction = strangersLink(ports, (from, to) -> {
                Links.rename(from, to);
                long start = System.nanoTime();
                raw.addPort(Scene.BRIDGE, to);
                return start;
            });
            // The first rounds warm both sides up.
            if (i >= 0) {
                waiting.add(ours, script);
                noWait.add(ours, impatient);
                least.add(ours, transaction);
            }
        }
    }

    private double agentLink(SwitchWatch ports) {
        String name = "hot" + number++;
        try (LinkWatch links = new LinkWatch()) {
            settle(links);
            Links.batch(List.of(intoContainer(name)));
            long start = links.await(name);
            double took = millis(ports.awaitLive(PLUGGED, 1) - start);
            removeHotLinks();
            ports.awaitGone(PLUGGED);
            return took;
        }
    }

    /** What somebody else does with a link, and when it began. */
    private interface Deed {
        long attach(String from, String to);
    }

    private double strangersLink(SwitchWatch ports, Deed deed) {
        String name = "far" + number++;
        String to = "by" + number++;
        try (LinkWatch links = new LinkWatch()) {
            settle(links);
            Links.addVeth(name, "p" + name);
            long heard = links.await(name);
            long began = deed.attach(name, to);
            double took = millis(ports.awaitLive(to, 1) - Math.max(heard, began));
            scene.ovs.vsctl("del-port", Scene.BRIDGE, to);
            Links.delete(to);
            ports.awaitGone(to);
            return took;
        }
    }

    /** As a hook does it, from when it is called. */
    private long byScript(String from, String to, String option) {
        long start = System.nanoTime();
        String db = "--db=unix:" + scene.ovs.socket();
        sh(
                "sh",
                "-c",
                "ip link set " + from + " name " + to + " && ovs-vsctl " + option + " " + db + " add-port "
                        + Scene.BRIDGE + " " + to);
        return start;
    }

    /** A watcher that has begun hears of what is made from now on. */
    private void settle(LinkWatch links) {
        String name = "set" + number++;
        Links.addVeth(name, "p" + name);
        links.awaitAny(() -> Links.batch(List.of("link set " + name + " mtu " + (1400 + number++ % 100))));
        Links.delete(name);
    }

    // --- many links at once ---

    private void storm(SwitchWatch ports, int links) {
        Figure figure = figure(
                "storm of " + links + " links, made and live",
                "ms",
                "one batched `ip` and `ovs-vsctl`",
                links == 200 ? "≤ 1.3" : "");
        for (int i = -1; i < rounds(links > 500 ? 3 : 5); i++) {
            double ours = agentStorm(ports, links);
            removeHotLinks();
            ports.awaitGone(PLUGGED);
            double batched = batchedStorm(ports, links);
            if (i >= 0) {
                figure.add(ours, batched);
            }
        }
    }

    private double agentStorm(SwitchWatch ports, int links) {
        List<String> commands = IntStream.range(0, links)
                .mapToObj(n -> intoContainer("hot" + number++))
                .toList();
        long start = System.nanoTime();
        Links.batch(commands);
        return millis(ports.awaitLive(PLUGGED, links) - start);
    }

    private double batchedStorm(SwitchWatch ports, int links) {
        List<String> made = new ArrayList<>();
        List<String> renamed = new ArrayList<>();
        List<String> added = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        List<String> deleted = new ArrayList<>();
        for (int n = 0; n < links; n++) {
            String name = "far" + number++;
            String to = "by" + name;
            made.add("link add " + name + " type veth peer name p" + name);
            renamed.add("link set " + name + " name " + to);
            added.addAll(List.of("--", "add-port", Scene.BRIDGE, to));
            removed.addAll(List.of("--", "del-port", Scene.BRIDGE, to));
            deleted.add("link del " + to);
        }
        long start = System.nanoTime();
        Links.batch(made);
        Links.batch(renamed);
        scene.ovs.vsctl(added.toArray(String[]::new));
        double took = millis(ports.awaitLive("byfar.*", links) - start);
        scene.ovs.vsctl(removed.toArray(String[]::new));
        ports.awaitGone("byfar.*");
        Links.batch(deleted);
        return took;
    }

    // --- whole containers ---

    private void containers(SwitchWatch ports, int count) {
        Figure figure =
                figure(count + " containers started at once, all live", "ms", "attached by LXC itself", "≤ 1.0");
        Figure stop = figure(count + " containers stopped at once, no port left", "ms", "attached by LXC itself", "");
        List<String> ours = IntStream.range(0, count)
                .mapToObj(n -> Integer.toString(2_000 + n))
                .toList();
        List<String> theirs =
                IntStream.range(0, count).mapToObj(n -> "by-lxc-" + n).toList();
        ours.forEach(id -> scene.lxc.create(Definition.of(id)));
        for (int n = 0; n < count; n++) {
            scene.lxc.create(Definition.of(theirs.get(n)).link(Scene.BRIDGE).pair("byl" + n));
        }
        for (int i = -1; i < rounds(5); i++) {
            double oursUp = started(ports, ours, "vi2.*");
            double oursDown = stopped(ports, ours, "vi2.*");
            double theirsUp = started(ports, theirs, "byl.*");
            double theirsDown = stopped(ports, theirs, "byl.*");
            if (i >= 0) {
                figure.add(oursUp, theirsUp);
                stop.add(oursDown, theirsDown);
            }
        }
        ours.forEach(scene.lxc::destroy);
        theirs.forEach(scene.lxc::destroy);
    }

    private double started(SwitchWatch ports, List<String> ids, String names) {
        long start = System.nanoTime();
        scene.lxc.startAll(ids);
        return millis(ports.awaitLive(names, ids.size()) - start);
    }

    private double stopped(SwitchWatch ports, List<String> ids, String names) {
        long start = System.nanoTime();
        scene.lxc.stopAll(ids);
        ports.awaitGone(names);
        return millis(System.nanoTime() - start);
    }

    // --- starting, and what it weighs ---

    private void commands() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("op-dbus-bench");
        AgentProcess lonely = new AgentProcess(
                folder,
                Map.of(
                        "ovsdb", Map.of("socket", folder.resolve("none.sock").toString()),
                        "lxc", Map.of("path", scene.lxc.lxcPath().toString(), "driver", "lxc"),
                        "http", Map.of("listen", "127.0.0.1:0")));
        Figure ready = figure("start of the agent until READY", "ms", "`java` hello world", "≤ 6");
        Figure query = figure("`op-dbus query`", "ms", "`java` hello world", "≤ 3");
        for (int i = -1; i < rounds(9); i++) {
            double hello = hello();
            long start = System.nanoTime();
            lonely.startProgram(ON_THIS_JAVA, program);
            double started = millis(System.nanoTime() - start);
            double asked = timed(
                    "env",
                    "OP_DBUS_JAVA=" + java(),
                    program.toString(),
                    "--config",
                    lonely.config().toString(),
                    "query");
            lonely.stop();
            if (i >= 0) {
                ready.add(started, hello);
                query.add(asked, hello());
            }
        }
    }

    private static double hello() {
        return timed(java(), "-cp", System.getProperty("java.class.path").split(":", 2)[0], "org.opdbus.agent.Hello");
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static double timed(String... command) {
        long start = System.nanoTime();
        sh(command);
        return millis(System.nanoTime() - start);
    }

    private void restartFull(SwitchWatch ports, int links) throws IOException, InterruptedException {
        agentStorm(ports, links);
        long entries = scene.agent.ledger().size();
        weigh(links);
        Path folder = Files.createTempDirectory("op-dbus-bench");
        AgentProcess lonely = new AgentProcess(
                folder,
                Map.of(
                        "ovsdb", Map.of("socket", folder.resolve("none.sock").toString()),
                        "lxc", Map.of("path", folder.resolve("lxc").toString(), "driver", "lxc"),
                        "http", Map.of("listen", "127.0.0.1:0")));
        Figure figure = figure("restart with " + links + " ports present until READY", "ms", "an empty start", "≤ 2");
        for (int i = 0; i < rounds(5); i++) {
            scene.agent.stop();
            long start = System.nanoTime();
            scene.agent.startProgram(ON_THIS_JAVA, program);
            double full = millis(System.nanoTime() - start);
            start = System.nanoTime();
            lonely.startProgram(List.of("unshare", "--net", "env", "OP_DBUS_JAVA=" + java()), program);
            double empty = millis(System.nanoTime() - start);
            lonely.stop();
            figure.add(full, empty);
        }
        long enrolled = scene.agent.ledger().stream()
                .skip(entries)
                .filter(entry -> List.of("container.enrolled", "container.left").contains(entry.kind()))
                .count();
        alone.put("containers enrolled or left, as the ledger has it, by these restarts (nothing touched: 0)", enrolled);
    }

    /** What the agent takes when it has nothing to do. */
    private void weigh(int links) throws IOException, InterruptedException {
        TimeUnit.SECONDS.sleep(5);
        double cpu = cpuSeconds();
        TimeUnit.SECONDS.sleep(60);
        double used = cpuSeconds() - cpu;
        alone.put("memory of the agent after " + links + " enrolments (goal: RSS ≤ 90 MB)", memory());
        alone.put(
                "processor time of the idle agent over a minute (goal: ≤ 0.1 % of a core)",
                String.format(Locale.ROOT, "%.2f s, %.2f %%", used, used / 60 * 100));
    }

    private String memory() throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(scene.agent.pid()), "status"))) {
            if (line.startsWith("VmRSS") || line.startsWith("RssAnon") || line.startsWith("RssFile")) {
                text.append(line.replaceAll("\\s+", " ")).append("  ");
            }
        }
        return text.toString().strip();
    }

    private double cpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(scene.agent.pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        // utime and stime (proc(5)) in ticks, of which Linux tells a hundred a second.
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
    }

    // --- ports that are just there, and small things ---

    private void fill(SwitchWatch ports, int from, int to) {
        for (int begin = from; begin < to; begin += 100) {
            List<String> made = new ArrayList<>();
            List<String> added = new ArrayList<>();
            for (int n = begin; n < Math.min(to, begin + 100); n++) {
                made.add("link add fill" + n + " type veth peer name llif" + n);
                added.addAll(List.of("--", "add-port", Scene.BRIDGE, "fill" + n));
            }
            Links.batch(made);
            scene.ovs.vsctl(added.toArray(String[]::new));
        }
        if (to > 0) {
            ports.awaitLive("fill.*", to);
        }
    }

    private void empty(SwitchWatch ports, int count) {
        for (int begin = 0; begin < count; begin += 100) {
            List<String> removed = new ArrayList<>();
            List<String> deleted = new ArrayList<>();
            for (int n = begin; n < Math.min(count, begin + 100); n++) {
                removed.addAll(List.of("--", "del-port", Scene.BRIDGE, "fill" + n));
                deleted.add("link del fill" + n);
            }
            scene.ovs.vsctl(removed.toArray(String[]::new));
            Links.batch(deleted);
        }
        ports.awaitGone("fill.*");
    }

    private String intoContainer(String name) {
        return "link add " + name + " group " + HOT + " type veth peer name in" + name + " netns "
                + inits.get(number % inits.size());
    }

    private static void removeHotLinks() {
        Links.ip("link", "del", "group", HOT);
    }

    private Figure figure(String name, String unit, String beside, String goal) {
        Figure figure = new Figure(name, unit, beside, goal);
        figures.add(figure);
        say("measuring: %s, beside %s", name, beside);
        return figure;
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
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

    private static void say(String format, Object... arguments) {
        System.out.printf(Locale.ROOT, format + "%n", arguments);
    }
}
