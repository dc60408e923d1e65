// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The host on which a benchmark runs, and what it has measured so far. */
final class BenchHost implements AutoCloseable {
    /**
     * The launcher chooses a Java by its environment, and the test runner's environment names one that does not
     * exist.
     */
    static final List<String> ON_THIS_JAVA = List.of("env", "OP_DBUS_JAVA=" + java());

    final Path program;
    final boolean quick;
    final TestHost scene = new TestHost(Map.of(
            "enrollment",
            Map.of("bridge", TestHost.BRIDGE, "ignore", List.of("by-lxc-*")),
            "http",
            Map.of("listen", "127.0.0.1:0"),
            "ovsdb",
            // The default, because the full pass is part of the agent's cost.
            Map.of("resyncIntervalMs", 60_000)));

    private final List<Figure> figures = new ArrayList<>();
    private final Map<String, Object> alone = new LinkedHashMap<>();

    BenchHost(Path program, boolean quick) {
        this.program = program.toAbsolutePath();
        this.quick = quick;
    }

    /** Open vSwitch with a bridge, and the agent. */
    void start() throws IOException, InterruptedException {
        scene.ovs.start();
        scene.ovs.addBridge(TestHost.BRIDGE);
        scene.agent.startProgram(ON_THIS_JAVA, program);
    }

    SwitchWatch ports() {
        return new SwitchWatch(scene.ovs.socket().toString());
    }

    int rounds(int full) {
        return quick ? 3 : full;
    }

    Figure figure(String name, String beside, String goal) {
        say("measuring: %s, beside %s", name, beside);
        return add(new Figure(name, "ms", beside, goal));
    }

    /** The processors' work meanwhile; a quick run is too short for the kernel's ticks. */
    Figure work(Figure of) {
        Figure work = new Figure(of.what() + ": processor time", "ms", of.beside(), "");
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
        scene.close();
    }
}
