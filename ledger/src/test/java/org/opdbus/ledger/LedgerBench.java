// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.opdbus.ledger.read.LedgerFold;
import org.opdbus.ledger.text.Sha256;
import org.opdbus.ledger.verify.Verification;
import org.opdbus.ledger.verify.Verifier;
import org.opdbus.ledger.write.AppendBench;
import org.opdbus.ledger.write.FileLedger;

/**
 * How fast the ledger is beside the bare disk and the bare hash. Both sides of a comparison are measured in turn, several
 * times in the same run. Started by deploy/bench-ledger.sh.
 */
public final class LedgerBench {
    private static final int VERIFY_ROUNDS = 9;
    private static final int OPEN_ROUNDS = 9;

    private final Path dir;

    private LedgerBench(Path dir) {
        this.dir = dir;
    }

    /**
     * Measures.
     *
     * @param arguments a directory on the disk to be measured; then, if not everything is wanted, what: appends, verify,
     *     open
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        LedgerBench bench = new LedgerBench(Files.createTempDirectory(Path.of(arguments[0]), "bench"));
        String only = arguments.length > 1 ? arguments[1] : "";
        try {
            say("%s", environment(bench.dir));
            say("");
            say("| | ledger | bare | ratio: median (least to greatest) |");
            say("|---|---|---|---|");
            if (only.isEmpty() || only.equals("appends")) {
                AppendBench.run(bench.dir);
            }
            if (only.isEmpty() || !only.equals("appends")) {
                bench.reading(only);
            }
            say("");
            say("load average at the end: %.1f", load());
        } finally {
            delete(bench.dir);
        }
    }

    public static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }

    private static String environment(Path dir) throws IOException {
        String processor = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .findFirst()
                .orElse(System.getProperty("os.arch"));
        return String.format(
                Locale.ROOT,
                "%d processors (%s), Linux %s, %s, Java %s; load average at the start: %.1f",
                Runtime.getRuntime().availableProcessors(),
                processor,
                System.getProperty("os.version"),
                Files.getFileStore(dir).type(),
                System.getProperty("java.version"),
                load());
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    public static Draft draft(long i) {
        return new Draft(
                "container.enrolled", Long.toString(100 + i % 50), Map.of("bridge", "vmbr0", "link", "vi100", "n", i));
    }

    private void reading(String only) throws IOException {
        Path large = ledger("large", 1_000_000);
        if (!only.equals("open")) {
            verifying(large);
        }
        if (!only.equals("verify")) {
            opening(ledger("small", 10_000), large);
        }
    }

    private static void verifying(Path large) throws IOException {
        Rounds rounds = new Rounds();
        Rounds processors = new Rounds();
        for (int round = 0; round < VERIFY_ROUNDS; round++) {
            double processorsBefore = processorSeconds();
            long start = System.nanoTime();
            Verification verification = Verifier.of(large)
                    .withKey(VerifierKey.read(LedgerOptions.publicKeyFileFor(large)))
                    .verify();
            double seconds = (System.nanoTime() - start) / 1e9;
            if (!verification.intact()) {
                throw new IllegalStateException(verification.findings().toString());
            }
            double verifying = processorSeconds() - processorsBefore;
            double megabytes = verification.bytes() / 1e6;
            rounds.add(megabytes / seconds, megabytes / bareHash(large));
            double hashing = processorSeconds() - processorsBefore - verifying;
            processors.add(megabytes / verifying, megabytes / hashing);
        }
        say("| verify 1 M entries; SHA-256 on one thread | %s |", rounds.inWords("MB/s"));
        say("| the same, for each second of a processor's time | %s |", processors.inWords("MB"));
    }

    /** Returns the processor time that this process has used so far; the load of other processes does not change it. */
    private static double processorSeconds() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .toMillis()
                / 1e3;
    }

    private void opening(Path small, Path large) {
        // Once without what was remembered, which is how often a host reads everything.
        say(
                "| open and fold a first time, 1 M entries; 10 k entries | %.0f ms | %.0f ms | |",
                open(large), open(small));
        Rounds rounds = new Rounds();
        for (int round = 0; round < OPEN_ROUNDS; round++) {
            rounds.add(open(large), open(small));
        }
        say("| open and fold, 1 M entries; 10 k entries | %s |", rounds.inWords("ms"));
    }

    private Path ledger(String name, int entries) {
        Path ledgerDir = dir.resolve(name).resolve("ledger");
        try (FileLedger ledger = FileLedger.open(LedgerOptions.of(ledgerDir, "host1"))) {
            for (int i = 0; i < entries; i += 1000) {
                CompletableFuture<?>[] batch = new CompletableFuture<?>[1000];
                for (int j = 0; j < batch.length; j++) {
                    batch[j] = ledger.append(draft(i + j));
                }
                CompletableFuture.allOf(batch).join();
            }
        }
        return ledgerDir;
    }

    private static double open(Path ledgerDir) {
        long start = System.nanoTime();
        try (FileLedger ledger = FileLedger.open(LedgerOptions.of(ledgerDir, "host1"))) {
            LedgerFold.of(ledgerDir, ledgerDir.resolveSibling("fold")).read(LastOfEach::new);
            double millis = (System.nanoTime() - start) / 1e6;
            return ledger.head().isPresent() ? millis : Double.NaN;
        }
    }

    /** The last entry of each subject: about what an agent wants to know when it starts. */
    private static final class LastOfEach implements LedgerFold.Fold {
        private final Map<String, Entry> last = new LinkedHashMap<>();

        @Override
        public void add(Entry entry) {
            last.remove(entry.subject());
            last.put(entry.subject(), entry);
        }

        @Override
        public List<Entry> remaining() {
            return List.copyOf(last.values());
        }
    }

    private static double bareHash(Path ledgerDir) throws IOException {
        Sha256 sha = new Sha256();
        byte[] bytes = new byte[512 * 1024];
        long start = System.nanoTime();
        for (LedgerDirectory.Segment segment : new LedgerDirectory(ledgerDir).segments()) {
            try (FileChannel channel = FileChannel.open(segment.file(), StandardOpenOption.READ)) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (channel.read(buffer.clear()) > 0) {
                    sha.update(bytes, 0, buffer.position());
                }
            }
        }
        sha.finish(bytes, 0);
        return (System.nanoTime() - start) / 1e9;
    }

    public static long bytes(Path ledgerDir) {
        return new LedgerDirectory(ledgerDir)
                .segments().stream()
                        .mapToLong(segment -> segment.file().toFile().length())
                        .sum();
    }

    public static void delete(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
