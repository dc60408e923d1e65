// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * How fast the ledger is beside the bare disk and the bare hash, measured in the same run. Started by
 * deploy/bench-ledger.sh.
 */
final class LedgerBench {
    private static final int WARM_UP_ENTRIES = 200_000;

    private final Path dir;
    private final ExecutorService callers = Executors.newSingleThreadExecutor();

    private LedgerBench(Path dir) {
        this.dir = dir;
    }

    /**
     * Measures.
     *
     * @param arguments a directory on the disk to be measured
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        LedgerBench bench = new LedgerBench(Files.createTempDirectory(Path.of(arguments[0]), "bench"));
        try {
            bench.appends(4096, WARM_UP_ENTRIES);
            say("durable appends: entries/s, beside a loop of the same bytes and fdatasyncs");
            bench.appends(1, 5_000);
            bench.appends(16, 50_000);
            bench.appends(256, 300_000);
            bench.appends(4096, 1_000_000);
            bench.reading();
        } finally {
            bench.callers.shutdown();
            delete(bench.dir);
        }
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }

    private static Draft draft(long i) {
        return new Draft(
                "container.enrolled", Long.toString(100 + i % 50), Map.of("bridge", "vmbr0", "link", "vi100", "n", i));
    }

    /** So many writers, each of which waits for its entry before it appends the next. */
    private void appends(int writers, long entries) throws IOException, InterruptedException {
        Path ledgerDir = dir.resolve("w" + writers + "-" + entries).resolve("ledger");
        long syncs;
        double seconds;
        try (FileLedger ledger = FileLedger.open(LedgerOptions.of(ledgerDir, "host1"))) {
            AtomicLong next = new AtomicLong();
            CountDownLatch done = new CountDownLatch(writers);
            long start = System.nanoTime();
            for (int i = 0; i < writers; i++) {
                write(ledger, next, entries, done);
            }
            done.await();
            seconds = (System.nanoTime() - start) / 1e9;
            syncs = ledger.commits();
        }
        long bytes = bytes(ledgerDir);
        double bare = bare(bytes, syncs);
        if (entries != WARM_UP_ENTRIES) {
            say(
                    "  %4d writers: %8.0f/s, %6d syncs of %7d bytes; bare loop %8.0f/s; ratio %.2f",
                    writers, entries / seconds, syncs, bytes / syncs, entries / bare, bare / seconds);
        }
        delete(ledgerDir);
    }

    private void write(FileLedger ledger, AtomicLong next, long entries, CountDownLatch done) {
        long i = next.incrementAndGet();
        if (i > entries) {
            done.countDown();
            return;
        }
        // On another thread than the ledger's own, as a caller's continuation would run.
        CompletableFuture<Void> unused =
                ledger.append(draft(i)).thenRunAsync(() -> write(ledger, next, entries, done), callers);
    }

    /** The time that the same bytes in as many writes and syncs take when nobody computes anything. */
    private double bare(long bytes, long syncs) throws IOException {
        ByteBuffer part = ByteBuffer.allocateDirect((int) (bytes / syncs));
        Path file = dir.resolve("bare");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long start = System.nanoTime();
            for (long i = 0; i < syncs; i++) {
                part.clear();
                channel.write(part);
                channel.force(false);
            }
            return (System.nanoTime() - start) / 1e9;
        } finally {
            Files.delete(file);
        }
    }

    private void reading() throws IOException {
        Path small = ledger("small", 10_000);
        Path large = ledger("large", 1_000_000);
        say("verify: MB/s, beside a bare SHA-256 of the same bytes on one thread");
        for (int round = 0; round < 3; round++) {
            long start = System.nanoTime();
            Verification verification = Verifier.of(large)
                    .withKey(VerifierKey.read(LedgerOptions.publicKeyFileFor(large)))
                    .verify();
            double seconds = (System.nanoTime() - start) / 1e9;
            double bare = bareHash(large);
            double megabytes = verification.bytes() / 1e6;
            say(
                    "  %d entries: %.0f MB/s; bare %.0f MB/s; ratio %.2f; %s",
                    verification.entries(),
                    megabytes / seconds,
                    megabytes / bare,
                    bare / seconds,
                    verification.verdict());
        }
        say("open for writing: ms");
        for (int round = 0; round < 3; round++) {
            say("  10 k entries: %.0f ms, 1 M entries: %.0f ms", open(small), open(large));
        }
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
            double millis = (System.nanoTime() - start) / 1e6;
            return ledger.head().isPresent() ? millis : Double.NaN;
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

    private static long bytes(Path ledgerDir) {
        return new LedgerDirectory(ledgerDir)
                .segments().stream()
                        .mapToLong(segment -> segment.file().toFile().length())
                        .sum();
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
