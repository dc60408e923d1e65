// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.opdbus.agent.TestHost.sh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.testing.PrivateOvs;

/** Reads the host as files, beside a copy of the same files on tmpfs. The ports are rows of a database without a switch. */
final class FuseBench {
    private static final int PORTS = 1_000;
    private static final int FEW_PORTS = 100;
    private static final int PORTS_AT_ONCE = 100;
    private static final int READS = 200;
    private static final int END_LIMIT_S = 30;
    private static final String STATISTICS = "statistics={collisions=0,rx_bytes=100000,rx_dropped=0,rx_errors=0,"
            + "rx_packets=1000,tx_bytes=100000,tx_dropped=0,tx_errors=0,tx_packets=1000}";

    private final BenchHost host;

    FuseBench(BenchHost host) {
        this.host = host;
    }

    void run() throws IOException, InterruptedException {
        int ports = host.quick ? FEW_PORTS : PORTS;
        Path work = Files.createTempDirectory("fuse-bench-");
        Path tmpfs = Files.createDirectory(work.resolve("tmpfs"));
        try (PrivateOvs ovs = new PrivateOvs()) {
            sh("mount", "-t", "tmpfs", "tmpfs", tmpfs.toString());
            ovs.startDatabaseOnly();
            ovs.addBridge("br0");
            Path config = Files.writeString(
                    work.resolve("op-dbus.json"), "{\"ovsdb\": {\"socket\": \"" + ovs.socket() + "\"}}");
            long without = memory(work, config);
            addPorts(ovs, ports);
            try (Mounted mounted = new Mounted(work, config)) {
                host.alone(
                        "the first ls -lR by-uuid after mounting, of " + ports + " ports (ms)",
                        Math.round(list(mounted.folder)));
                sh("cp", "-a", mounted.folder.resolve("by-uuid").toString(), tmpfs.toString());
                walks(mounted.folder, tmpfs, ports);
                reads(mounted.folder, tmpfs);
                host.alone(
                        "memory of op-dbus mount over " + ports + " ports after these reads, and over none (VmRSS, MB)",
                        List.of(mounted.memoryKb() / 1024, without / 1024));
            }
        } finally {
            sh("umount", tmpfs.toString());
            sh("rm", "-r", work.toString());
        }
    }

    private long memory(Path work, Path config) throws IOException, InterruptedException {
        try (Mounted mounted = new Mounted(work, config)) {
            sh("ls", "-lR", mounted.folder.toString());
            return mounted.memoryKb();
        }
    }

    private void walks(Path mounted, Path tmpfs, int ports) {
        requireSame(mounted, tmpfs);
        Figure figure = host.figure("ls -lR by-uuid, " + ports + " ports", "the same on tmpfs", "≤ 500 ms");
        for (int i = -host.warmUps(); i < host.rounds(15); i++) {
            double ours = list(mounted);
            double theirs = list(tmpfs);
            if (i >= 0) {
                figure.add(ours, theirs);
            }
        }
    }

    /** Sizes of folders and counts of blocks are each file system's own. */
    private static void requireSame(Path mounted, Path tmpfs) {
        String differences = sh(
                "diff",
                "-r",
                mounted.resolve("by-uuid").toString(),
                tmpfs.resolve("by-uuid").toString());
        if (!differences.isEmpty()) {
            throw new AssertionError(differences);
        }
    }

    private static double list(Path root) {
        long start = System.nanoTime();
        sh("sh", "-c", "ls -lR \"$0\" >/dev/null", root.resolve("by-uuid").toString());
        return BenchHost.millis(System.nanoTime() - start);
    }

    private void reads(Path mounted, Path tmpfs) throws IOException {
        Figure figure = host.figure("open, read and close a column", "µs", "the same on tmpfs", "≤ 1,000 µs");
        String column = mounted.relativize(
                        mounted.resolve("by-name/interfaces/p1").toRealPath().resolve("statistics"))
                .toString();
        for (int i = -host.warmUps(); i < host.rounds(15); i++) {
            double ours = read(mounted.resolve(column));
            double theirs = read(tmpfs.resolve(column));
            if (i >= 0) {
                figure.add(ours, theirs);
            }
        }
    }

    /** The median of many reads. */
    private static double read(Path file) throws IOException {
        List<Double> taken = new ArrayList<>();
        for (int i = 0; i < READS; i++) {
            long start = System.nanoTime();
            if (Files.readAllBytes(file).length == 0) {
                throw new AssertionError(file + " is empty");
            }
            taken.add((System.nanoTime() - start) / 1e3);
        }
        return Figure.median(taken);
    }

    private static void addPorts(PrivateOvs ovs, int count) {
        for (int from = 0; from < count; from += PORTS_AT_ONCE) {
            List<String> command = new ArrayList<>();
            for (int i = from; i < from + PORTS_AT_ONCE; i++) {
                command.addAll(List.of("--", "add-port", "br0", "p" + i, "tag=" + (1 + i)));
                command.addAll(List.of("--", "set", "Interface", "p" + i, STATISTICS, "mtu=1500", "ofport=" + (1 + i)));
                command.addAll(List.of("external_ids:iface-id=" + i, "link_state=up", "admin_state=up", "duplex=full"));
            }
            ovs.vsctl(command.toArray(String[]::new));
        }
    }

    /** The mounted files, by a process of their own. */
    private final class Mounted implements AutoCloseable {
        final Path folder;
        private final Process program;

        Mounted(Path work, Path config) throws IOException {
            folder = Files.createDirectories(work.resolve("files")).toRealPath();
            List<String> words = new ArrayList<>(BenchHost.ON_THIS_JAVA);
            words.addAll(List.of(host.program.toString(), "--config", config.toString(), "mount", folder.toString()));
            ProcessBuilder builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
            program = builder.start();
            String line = program.inputReader().readLine();
            if (!("mounted on " + folder).equals(line)) {
                throw new AssertionError("op-dbus mount said " + line);
            }
        }

        long memoryKb() throws IOException {
            return Files.readAllLines(Path.of("/proc", Long.toString(program.pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .sum();
        }

        @Override
        public void close() {
            program.destroy();
            try {
                if (!program.waitFor(END_LIMIT_S, TimeUnit.SECONDS)) {
                    program.destroyForcibly();
                    throw new AssertionError("op-dbus mount did not end");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }
}
