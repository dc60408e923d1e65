// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.opdbus.verticles.testing.LxcContainers.Definition;

/**
 * Starts and stops plain containers beside an agent that is attacked for a minute, then not attacked for some
 * seconds, and so on. Two more containers restart all the time; they are hostile only during the attack. So other
 * work of the machine affects both phases equally, and they can be compared.
 *
 * <p>Run by {@code deploy/soak-attack.sh [MINUTES]} for a long time, and by {@link AttackSoakIT} for a minute.
 */
final class AttackSoak implements AutoCloseable {
    private static final String TOKEN = "0123456789abcdef0123";
    private static final int PLAIN = 6;
    private static final double SLOW_MS = 3_000;
    private static final int SLOW_LINES = 4;
    private static final int LOG_MAX = 3_000;
    private static final Duration IDLE = Duration.ofSeconds(15);
    private static final Duration ATTACKED = Duration.ofSeconds(60);
    private static final double RATIO_MAX = 3;
    private static final long RESIDENT_MAX_KIB = 150_000_000 / 1024;

    private final Path token = secret("http", TOKEN);
    private final Path keys = secret("netmaker", "A=eyJzZXJ2ZXIiOiIxMjcuMC4wLjE6MSIsInZhbHVlIjoieCJ9");
    private final TestHost scene = new TestHost(Map.of(
            "http", Map.of("listen", "0.0.0.0:8080", "tokenFile", token.toString()),
            "netmaker", Map.of("envFile", keys.toString())));

    private final List<String> plain = ids(300, PLAIN);
    private final List<String> hostile = ids(400, 2);
    private final List<Double> idleMs = new ArrayList<>();
    private final List<Double> attackedMs = new ArrayList<>();
    private final List<Double> lxcMs = new ArrayList<>();
    private final List<String> attacks = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final long seed = Long.getLong("seed", System.nanoTime());
    private int lives;
    private long residentMaxKib;
    private double agentCpu;

    /** Runs for this long, the idle times included, and prints the results. */
    AttackSoak run(Duration time) throws IOException {
        say("attack soak: -Dseed=%d, %d minutes", seed, time.toMinutes());
        begin();
        // A wait after this has no purpose.
        Thread waiting = Thread.currentThread();
        CompletableFuture<Void> death =
                ProcessHandle.of(scene.agent.pid()).orElseThrow().onExit().thenRun(waiting::interrupt);
        long end = System.nanoTime() + time.toNanos();
        try (SwitchWatch ports = new SwitchWatch(scene.ovs.socket().toString())) {
            live(ports, idleMs, 1);
            idleMs.clear();
            for (int wave = 0; System.nanoTime() < end && failures.isEmpty(); wave++) {
                lxcMs.clear();
                Restarts restarts = new Restarts(scene.lxc, hostile);
                try {
                    until(ports, idleMs, IDLE);
                } finally {
                    restarts.close();
                }
                double idleLxc = percentile(lxcMs, 0.5);
                lxcMs.clear();
                long before = cpuMillis();
                long start = System.nanoTime();
                try (Attack attack = new Attack(scene, TOKEN, hostile, seed + wave)) {
                    until(ports, attackedMs, ATTACKED);
                    agentCpu = (cpuMillis() - before) / BenchHost.millis(System.nanoTime() - start);
                    attacks.clear();
                    attacks.addAll(attack.told());
                } catch (AssertionError | RuntimeException failed) {
                    failures.add("a hostile container: " + failed);
                }
                residentMaxKib =
                        scene.agent.isAlive() ? new ProcessFigures(scene.agent.pid()).residentMaxKib() : residentMaxKib;
                say(
                        "%d lives, idle %s, attacked %s, %d KiB at most; in the last wave the agent took %.2f processors, and"
                                + " lxc-start itself %.0f ms idle and %.0f ms attacked",
                        lives,
                        told(idleMs),
                        told(attackedMs),
                        residentMaxKib,
                        agentCpu,
                        idleLxc,
                        percentile(lxcMs, 0.5));
            }
        } finally {
            death.cancel(false);
        }
        attacks.forEach(each -> say("last attack: %s", each));
        return this;
    }

    private void begin() throws IOException {
        StringBuilder declared = new StringBuilder();
        for (String id : hostile) {
            declared.append(declared.isEmpty() ? "" : ", ")
                    .append(
                            "{\"id\": \"" + id
                                    + "\", \"running\": true, \"properties\": {\"network_type\": \"netmaker\","
                                    + " \"ipv4\": \"10.9.0.11/24\", \"gateway\": \"10.9.0.1\", \"netmaker_token_env\": \"A\"}}");
        }
        Files.writeString(
                scene.agent.stateFile(),
                "{\"version\": 1, \"plugins\": {\"lxc\": {\"containers\": [" + declared + "]}}}");
        scene.start();
        plain.forEach(id -> scene.lxc.create(Definition.of(id)));
        hostile.forEach(id -> scene.lxc.create(Definition.of(id)));
    }

    private void until(SwitchWatch ports, List<Double> millis, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end && failures.isEmpty()) {
            live(ports, millis, PLAIN);
        }
    }

    /**
     * Starts containers one after the other and stops them together; the time of each start until the port is live is
     * a sample.
     */
    private void live(SwitchWatch ports, List<Double> millis, int count) {
        List<String> started = plain.subList(0, count);
        try {
            for (String id : started) {
                long before = System.nanoTime();
                scene.lxc.start(id);
                double lxc = BenchHost.millis(System.nanoTime() - before);
                double all = BenchHost.millis(ports.awaitLive("vi" + id, 1) - before);
                lxcMs.add(lxc);
                millis.add(all);
                lives++;
                if (all > SLOW_MS) {
                    tellSlow(id, lxc, all);
                }
            }
            scene.lxc.stopAll(started);
            ports.awaitGone("vi3.*");
        } catch (AssertionError | RuntimeException failed) {
            // If the agent has ended, this thread was interrupted but must still clean up.
            boolean unused = Thread.interrupted();
            failures.add((scene.agent.isAlive() ? "" : "the agent has ended: ") + failed + "\n" + lastOfLog());
        }
    }

    /** The agent's log shows whether LXC or the agent took the time, because it has the time of each fact. */
    private void tellSlow(String id, double lxc, double all) {
        List<String> lines = scene.agent
                .logText()
                .lines()
                .filter(line -> line.contains("container=" + id + " ") || line.contains("{id:" + id + ","))
                .toList();
        say("slow: %s, %.0f ms, of which lxc-start %.0f ms; now %s", id, all, lxc, Instant.now());
        lines.subList(Math.max(0, lines.size() - SLOW_LINES), lines.size()).forEach(line -> say("  %s", line));
    }

    private long cpuMillis() {
        return scene.agent.isAlive() ? new ProcessFigures(scene.agent.pid()).cpuMillis() : 0;
    }

    private String lastOfLog() {
        String all = scene.agent.logText();
        return all.substring(Math.max(0, all.length() - LOG_MAX));
    }

    /** Returns what must not happen on any machine; empty if it did not. */
    List<String> failures() {
        List<String> all = new ArrayList<>(failures);
        if (residentMaxKib > RESIDENT_MAX_KIB) {
            all.add("the agent had " + residentMaxKib + " KiB resident, more than " + RESIDENT_MAX_KIB);
        }
        if (!scene.agent.verification().intact()) {
            all.add("the ledger is not intact: " + scene.agent.verification());
        }
        return all;
    }

    /** Returns the slowest hundredth's time, relative to that beside an idle agent. */
    double ratio() {
        return attackedMs.isEmpty() ? 0 : percentile(attackedMs, 0.99) / percentile(idleMs, 0.99);
    }

    int attackedLives() {
        return attackedMs.size();
    }

    private static String told(List<Double> millis) {
        return millis.isEmpty()
                ? "none"
                : String.format(
                        Locale.ROOT,
                        "n=%d p50=%.0f p99=%.0f max=%.0f ms",
                        millis.size(),
                        percentile(millis, 0.5),
                        percentile(millis, 0.99),
                        percentile(millis, 1));
    }

    private static double percentile(List<Double> millis, double share) {
        List<Double> sorted = millis.stream().sorted().toList();
        if (sorted.isEmpty()) {
            return 0;
        }
        return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }

    private static List<String> ids(int first, int count) {
        return IntStream.range(first, first + count).mapToObj(Integer::toString).toList();
    }

    private static Path secret(String name, String content) {
        try {
            Path file = Files.createTempFile(
                    name,
                    ".secret",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return Files.writeString(file, content + "\n");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void say(String format, Object... arguments) {
        BenchHost.say(format, arguments);
    }

    @Override
    public void close() throws IOException {
        scene.close();
        Files.delete(token);
        Files.delete(keys);
    }

    /** Runs for this many minutes; exits with 1 if a condition failed. */
    public static void main(String[] arguments) throws Exception {
        try (AttackSoak soak = new AttackSoak()) {
            List<String> failures = new ArrayList<>(
                    soak.run(Duration.ofMinutes(Long.parseLong(arguments[0]))).failures());
            say("p99 under attack is %.2f times that of the idle agent", soak.ratio());
            if (soak.ratio() > RATIO_MAX) {
                failures.add("p99 under attack is more than " + RATIO_MAX + " times that of the idle agent");
            }
            failures.forEach(failure -> say("FAILED: %s", failure));
            say(failures.isEmpty() ? "held" : "did not hold");
            if (!failures.isEmpty()) {
                System.exit(1);
            }
        }
    }
}
