// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.opdbus.agent.TestHost.sh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How long the program takes to start, and its cost when it is idle. */
final class StartBench {
    private final BenchHost host;

    StartBench(BenchHost host) {
        this.host = host;
    }

    /** From nothing, and a command to a running agent. */
    void commands() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("op-dbus-bench");
        AgentProcess lonely = new AgentProcess(
                folder,
                Map.of(
                        "ovsdb", Map.of("socket", folder.resolve("none.sock").toString()),
                        "lxc", Map.of("path", host.scene.lxc.lxcPath().toString(), "driver", "lxc"),
                        "http", Map.of("listen", "127.0.0.1:0")));
        Figure ready = host.figure("start of the agent until READY", "`java` hello world", "≤ 6");
        Figure query = host.figure("`op-dbus query`", "`java` hello world", "≤ 3");
        for (int i = -1; i < host.rounds(9); i++) {
            double hello = hello();
            long start = System.nanoTime();
            lonely.startProgram(BenchHost.ON_THIS_JAVA, host.program);
            double started = BenchHost.millis(System.nanoTime() - start);
            double asked = timed(
                    "env",
                    "OP_DBUS_JAVA=" + BenchHost.java(),
                    host.program.toString(),
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
        return timed(
                BenchHost.java(),
                "-cp",
                System.getProperty("java.class.path").split(":", 2)[0],
                "org.opdbus.agent.Hello");
    }

    private static double timed(String... command) {
        long start = System.nanoTime();
        sh(command);
        return BenchHost.millis(System.nanoTime() - start);
    }

    /** The idle agent among many links, and its start among them. */
    void among(int links) throws IOException, InterruptedException {
        long entries = host.scene.agent.ledger().size();
        weigh(links);
        Path folder = Files.createTempDirectory("op-dbus-bench");
        AgentProcess lonely = new AgentProcess(
                folder,
                Map.of(
                        "ovsdb", Map.of("socket", folder.resolve("none.sock").toString()),
                        "lxc", Map.of("path", folder.resolve("lxc").toString(), "driver", "lxc"),
                        "http", Map.of("listen", "127.0.0.1:0")));
        Figure figure = host.figure("restart with " + links + " ports present until READY", "an empty start", "≤ 2");
        for (int i = 0; i < host.rounds(5); i++) {
            host.scene.agent.stop();
            long start = System.nanoTime();
            host.scene.agent.startProgram(BenchHost.ON_THIS_JAVA, host.program);
            double full = BenchHost.millis(System.nanoTime() - start);
            start = System.nanoTime();
            lonely.startProgram(List.of("unshare", "--net", "env", "OP_DBUS_JAVA=" + BenchHost.java()), host.program);
            double empty = BenchHost.millis(System.nanoTime() - start);
            lonely.stop();
            figure.add(full, empty);
        }
        long touched = host.scene.agent.ledger().stream()
                .skip(entries)
                .filter(entry -> entry.kind().equals("container.enrolled")
                        || entry.kind().equals("container.left"))
                .count();
        host.alone("containers enrolled or left in these restarts (nothing touched: 0)", touched);
    }

    /** The cost of the idle agent. */
    private void weigh(int links) throws IOException, InterruptedException {
        TimeUnit.SECONDS.sleep(5);
        double cpu = cpuSeconds();
        TimeUnit.SECONDS.sleep(60);
        double used = cpuSeconds() - cpu;
        host.alone("memory of the agent after " + links + " enrolments (goal: RSS ≤ 90 MB)", memory());
        host.alone(
                "processor time of the idle agent over a minute (goal: ≤ 0.1 % of a core)",
                String.format(Locale.ROOT, "%.2f s, %.2f %%", used, used / 60 * 100));
    }

    private String memory() throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(host.scene.agent.pid()), "status"))) {
            if (line.startsWith("VmRSS") || line.startsWith("RssAnon") || line.startsWith("RssFile")) {
                text.append(line.replaceAll("\\s+", " ")).append("  ");
            }
        }
        return text.toString().strip();
    }

    private double cpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(host.scene.agent.pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        // utime and stime (proc(5)) in ticks; Linux reports a hundred a second.
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
    }
}
