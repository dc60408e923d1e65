// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.ProcessorClock;

/** The host on which a benchmark runs, and what it has measured so far. */
final class BenchHost implements AutoCloseable {
    /**
     * The launcher chooses a Java by its environment, and the test runner's environment names one that does not
     * exist.
     */
    static final List<String> ON_THIS_JAVA = List.of("env", "OP_DBUS_JAVA=" + java());

    /** A namespace that is no container's, for the other ends of strangers' links. */
    static final String STRANGE = "stranger";

    /** Where the agent serves its metrics. */
    static final String HTTP = "127.0.0.1:8080";

    private static final long REST_WINDOW_MS = 30;
    private static final double REST_MOST_MS = 1;
    private static final long REST_LIMIT_S = 300;

    final Path program;
    final boolean quick;
    final TestHost scene = new TestHost(Map.of(
            "enrollment",
            Map.of("bridge", TestHost.BRIDGE, "ignore", List.of("by-lxc-*")),
            "http",
            Map.of("listen", HTTP),
            "ovsdb",
            // The default, because the full pass is part of the agent's cost.
            Map.of("resyncIntervalMs", 300_000)));

    private final List<Figure> figures = new ArrayList<>();
    private final Map<String, Object> alone = new LinkedHashMap<>();

    BenchHost(Path program, boolean quick) {
        this.program = program.toAbsolutePath();
        this.quick = quick;
    }

    /** Open vSwitch with a bridge, the strange namespace, and the agent. */
    void start() {
        Links.addNamespace(STRANGE);
        scene.ovs.start();
        scene.ovs.addBridge(TestHost.BRIDGE);
        scene.agent.startProgram(ON_THIS_JAVA, program);
    }

    SwitchWatch ports() {
        return new SwitchWatch(scene.ovs.socket().toString());
    }

    /** The clock of the agent that runs now. */
    ProcessorClock agentClock() {
        return ProcessorClock.of(scene.agent.pid());
    }

    ProcessorClock switchClock() {
        return daemonClock("ovs-vswitchd.pid");
    }

    private ProcessorClock daemonClock(String pidFile) {
        try {
            return ProcessorClock.of(Long.parseLong(
                    Files.readString(scene.ovs.runDir().resolve(pidFile)).strip()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Waits until Open vSwitch and the agent have finished their work, so that what one measurement leaves to do does not
     * delay the next one.
     */
    void rest() throws InterruptedException {
        List<ProcessorClock> clocks = List.of(agentClock(), switchClock(), daemonClock("ovsdb-server.pid"));
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(REST_LIMIT_S);
        long before = sum(clocks);
        double used;
        do {
            if (System.nanoTime() > until) {
                throw new AssertionError(
                        "Open vSwitch or the agent did not come to rest within " + REST_LIMIT_S + " s");
            }
            TimeUnit.MILLISECONDS.sleep(REST_WINDOW_MS);
            long after = sum(clocks);
            used = millis(after - before);
            before = after;
        } while (used > REST_MOST_MS);
    }

    private static long sum(List<ProcessorClock> clocks) {
        return clocks.stream().mapToLong(ProcessorClock::nanos).sum();
    }

    int rounds(int full) {
        return quick ? 3 : full;
    }

    /** How many rounds do not count, because both sides warm up in them. */
    int warmUps() {
        return quick ? 1 : 2;
    }

    Figure figure(String name, String beside, String goal) {
        return figure(name, "ms", beside, goal);
    }

    Figure figure(String name, String unit, String beside, String goal) {
        say("measuring: %s, beside %s", name, beside);
        return add(new Figure(name, unit, beside, goal));
    }

    /** The processors' work meanwhile; a quick run is too short for the kernel's ticks. */
    Figure work(Figure of, String goal) {
        Figure work = new Figure(of.what() + ": processor time", "ms", of.beside(), goal);
        return quick ? work : add(work);
    }

    private Figure add(Figure figure) {
        figures.add(figure);
        return figure;
    }

    /** A figure without a counterpart. */
    void alone(String name, Object value) {
        alone.put(name, value);
    }

    List<Figure> figures() {
        return figures;
    }

    Map<String, Object> alone() {
        return alone;
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    static double millis(long nanos) {
        return nanos / 1e6;
    }

    static void say(String format, Object... arguments) {
        System.out.printf(Locale.ROOT, format + "%n", arguments);
    }

    @Override
    public void close() {
        try {
            Links.deleteNamespace(STRANGE);
        } finally {
            scene.close();
            remove(scene.agent.folder());
        }
    }

    /** Removes a folder of an agent that has ended. */
    static void remove(Path folder) {
        TestHost.sh("rm", "-r", folder.toString());
    }
}
