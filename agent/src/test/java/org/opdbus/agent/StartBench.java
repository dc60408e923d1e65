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
import org.opdbus.verticles.testing.ProcessorClock;

/** How long the program takes to start, and its cost when it is idle. */
final class StartBench {
    private static final long SETTLE_S = 5;

    private final BenchHost host;

    StartBench(BenchHost host) {
        this.host = host;
    }

    /** From nothing, and a command to a running agent. */
    void commands() throws IOException {
        Path folder = Files.createTempDirectory("op-dbus-bench");
        AgentProcess lonely = new AgentProcess(
                folder,
                Map.of(
                        "ovsdb", Map.of("socket", folder.resolve("none.sock").toString()),
                        "lxc", Map.of("path", host.scene.lxc.lxcPath().toString(), "driver", "lxc"),
                        "http", Map.of("listen", "127.0.0.1:0")));
        Figure ready = host.figure("start of the agent until READY", "`java` hello world", "≤ 12");
        Figure query = host.figure("`op-dbus query`", "`java` hello world", "≤ 3");
        for (int i = -1; i < host.rounds(15); i++) {
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
        BenchHost.remove(folder);
    }

    private static double hello() {
        return timed(
                BenchHost.java(),
                "-cp",
                Hello.class.getProtectionDomain().getCodeSource().getLocation().getPath(),
                Hello.class.getName());
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
        BenchHost.remove(folder);
        long touched = host.scene.agent.ledger().stream()
                .skip(entries)
                .filter(entry -> entry.kind().equals("container.enrolled")
                        || entry.kind().equals("container.left"))
                .count();
        host.alone("containers enrolled or left in these restarts (nothing touched: 0)", touched);
    }

    /** The cost of the idle agent. */
    private void weigh(int links) throws IOException, InterruptedException {
        TimeUnit.SECONDS.sleep(SETTLE_S);
        host.alone(
                "memory of an agent after " + links + " enrolments, and ten before them (goal: VmRSS ≤ 110 MB)",
                memory());
        long seconds = host.quick ? SETTLE_S : 60;
        ProcessorClock clock = host.agentClock();
        long before = clock.nanos();
        TimeUnit.SECONDS.sleep(seconds);
        double used = (clock.nanos() - before) / 1e9;
        host.alone(
                "processor time of the idle agent over " + seconds + " s, " + links
                        + " ports present (goal, over a minute: ≤ 0.1 % of a processor)",
                String.format(Locale.ROOT, "%.3f s, %.3f %%", used, used / seconds * 100));
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
}
