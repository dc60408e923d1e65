// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.growth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.opdbus.agent.growth.AgentGauge.Sample;
import org.opdbus.ledger.HostKey;

/** Measures a real agent beside played hosts, and prints what it measures, a line a figure. */
public final class Growth implements AutoCloseable {
    private static final int SETTLE_S = 20;
    private static final int IDLE_S = 40;
    private static final int PROBE_S = 40;
    private static final int LOAD_S = 60;
    private static final long PROBE_EVERY_MS = 500;
    /** Each host restarts a container this often under load; a start is three entries. */
    private static final Duration RESTART_EVERY = Duration.ofSeconds(30);

    /** The agent's own host starts one this often meanwhile. */
    private static final Duration OWN_EVERY = Duration.ofSeconds(15);

    private final PlayedHosts hosts;
    private final PlayedWire wire;
    private final AgentGauge gauge;
    private final WireCounter counter;
    private final ShownEntries shown;

    private Growth(PlayedHosts hosts, PlayedWire wire, Real real, ShownEntries shown) {
        this.hosts = hosts;
        this.wire = wire;
        this.counter = real.counter();
        gauge = new AgentGauge(real.pid(), counter);
        this.shown = shown;
    }

    /** The real agent: its name, its process, what counts its bytes, and its control socket. */
    public record Real(String host, long pid, WireCounter counter, Path controlSocket) {}

    /** Lets the played hosts speak from now on. */
    public static Growth of(Real real, PlayedCluster cluster, PlayedWire wire, Path keys) throws IOException {
        Files.createDirectories(keys);
        Random random = new Random(1);
        List<String> names = cluster.hosts();
        PlayedHosts hosts = new PlayedHosts(
                real.host(), wire, new PlayedSigner(cluster.identity(names.get(0)), cluster.trust()), random);
        for (String name : names) {
            HostKey key = HostKey.open(keys.resolve(name + ".key"), name + "/op-dbus/ledger");
            hosts.add(new PlayedHost(
                    name,
                    new PlayedSigner(cluster.identity(name), cluster.trust()),
                    new PlayedLedger(name, key),
                    hosts::told,
                    random));
        }
        ShownEntries shown = new ShownEntries(real.controlSocket());
        hosts.begin();
        return new Growth(hosts, wire, real, shown);
    }

    /** Measures an idle cluster, single entries in it, and a cluster in which every host restarts containers. */
    public void measure(Runnable ownContainer) throws IOException, InterruptedException {
        say("not played: %s", wire.leftOut());
        TimeUnit.SECONDS.sleep(SETTLE_S);
        begin();
        phase("idle", IDLE_S, () -> {});
        begin();
        phase("one entry every " + PROBE_EVERY_MS + " ms", PROBE_S, () -> hosts.recordOne());
        hosts.load(RESTART_EVERY);
        TimeUnit.SECONDS.sleep(RESTART_EVERY.toSeconds());
        begin();
        Instant[] next = {Instant.now()};
        phase("every host restarts a container every " + RESTART_EVERY.toSeconds() + " s", LOAD_S, () -> {
            if (Instant.now().isAfter(next[0])) {
                next[0] = next[0].plus(OWN_EVERY);
                ownContainer.run();
            }
        });
        hosts.unload();
        double before = gauge.residentMib();
        double live = gauge.liveHeapMib();
        say(
                "memory: heap after a collection %.1f MiB; resident %.0f MiB before it, %.0f MiB after it",
                live, before, gauge.residentMib());
        say("not played: %s", wire.leftOut());
        say("played hosts: %d tasks failed, %d were late at the end", hosts.failures(), hosts.behind());
        say(
                "load of the machine: %s",
                Files.readString(Path.of("/proc/loadavg")).strip());
    }

    private void begin() {
        hosts.toAgent.reset();
        hosts.fromAgent.reset();
        shown.take();
        hosts.takeLate();
    }

    private void phase(String name, int seconds, Runnable often) throws IOException, InterruptedException {
        Sample first = gauge.sample();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < until) {
            often.run();
            TimeUnit.MILLISECONDS.sleep(PROBE_EVERY_MS);
        }
        Sample last = gauge.sample();
        double took = first.secondsTo(last);
        say("--- %s, for %.0f s", name, took);
        long used = last.processorMs() - first.processorMs();
        say(
                "processor of the agent: %.1f %% of a core, %.2f ms for each message in: %s",
                used / took / 10,
                (double) used / Math.max(1, hosts.toAgent.all().messages()),
                first.threadsTo(last));
        say(
                "bytes (%s): in %.1f kB/s, out %.1f kB/s",
                counter.what(),
                (last.wire().in() - first.wire().in()) / took / 1000,
                (last.wire().out() - first.wire().out()) / took / 1000);
        say(
                "messages in: %.1f/s, %.1f kB/s: %s",
                hosts.toAgent.all().messages() / took,
                hosts.toAgent.all().bytes() / took / 1000,
                hosts.toAgent.kinds(took));
        say(
                "messages out: %.1f/s, %.1f kB/s: %s",
                hosts.fromAgent.all().messages() / took,
                hosts.fromAgent.all().bytes() / took / 1000,
                hosts.fromAgent.kinds(took));
        say("recorded at a peer until shown by the agent: %s ms", spread(shown.take()));
        say("recorded by the agent until known at a peer: %s ms", spread(hosts.takeLate()));
    }

    private static String spread(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty()
                ? "none"
                : String.format(
                        Locale.ROOT,
                        "p50 %.0f, p99 %.0f, most %.0f, of %d",
                        sorted.get(sorted.size() / 2),
                        sorted.get(sorted.size() * 99 / 100),
                        sorted.get(sorted.size() - 1),
                        sorted.size());
    }

    static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    @Override
    public void close() throws IOException {
        shown.close();
        hosts.close();
    }
}
