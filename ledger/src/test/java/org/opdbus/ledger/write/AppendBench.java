// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.opdbus.ledger.LedgerBench;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.Rounds;

/** Durable appends beside a loop that writes the same bytes with as many fdatasyncs and computes nothing. */
public final class AppendBench {
    private static final int ROUNDS = 9;
    private static final int WARM_UP_ROUNDS = 3;

    private final Path dir;

    private AppendBench(Path dir) {
        this.dir = dir;
    }

    public static void run(Path dir) throws IOException {
        AppendBench bench = new AppendBench(dir);
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            bench.round(1, 2_000);
            bench.round(4096, 300_000);
        }
        bench.compare(1, 5_000);
        bench.compare(16, 40_000);
        bench.compare(256, 300_000);
        bench.compare(4096, 500_000);
    }

    private void compare(int writers, long entries) throws IOException {
        Rounds rounds = new Rounds();
        long syncs = 0;
        for (int i = 0; i < ROUNDS; i++) {
            Round round = round(writers, entries);
            rounds.add(entries / round.seconds(), entries / round.bareSeconds());
            syncs += round.syncs();
        }
        LedgerBench.say(
                "| append, %d waiting %s (%.1f entries a sync) | %s |",
                writers,
                writers == 1 ? "writer" : "writers",
                (double) ROUNDS * entries / syncs,
                rounds.inWords("entries/s"));
    }

    private record Round(double seconds, double bareSeconds, long syncs) {}

    private Round round(int writers, long entries) throws IOException {
        Path host = dir.resolve("appends");
        Path ledgerDir = host.resolve("ledger");
        double seconds;
        long syncs;
        try (FileLedger ledger = FileLedger.open(LedgerOptions.of(ledgerDir, "host1"))) {
            seconds = new Writers(ledger, entries).run(writers);
            syncs = ledger.commits();
        }
        double bareSeconds = bare(LedgerBench.bytes(ledgerDir), syncs);
        LedgerBench.delete(host);
        return new Round(seconds, bareSeconds, syncs);
    }

    /**
     * Writers each of which waits for its entry to be on disk before it appends the next. They share one thread as those
     * of an event loop do: a writer whose entry is on disk waits in a queue for its turn.
     */
    private static final class Writers {
        private final FileLedger ledger;
        private final long entries;
        private final Queue<Integer> mayGoOn = new ConcurrentLinkedQueue<>();
        private final Thread thread = Thread.currentThread();
        private volatile boolean asleep;

        Writers(FileLedger ledger, long entries) {
            this.ledger = ledger;
            this.entries = entries;
        }

        /** Runs until all entries are on disk; returns the seconds. */
        double run(int writers) {
            long start = System.nanoTime();
            for (int i = 0; i < writers; i++) {
                append(i);
            }
            long appended = writers;
            for (long acknowledged = 0; acknowledged < entries; acknowledged++) {
                int writer = next();
                if (appended < entries) {
                    append(writer);
                    appended++;
                }
            }
            return (System.nanoTime() - start) / 1e9;
        }

        private void append(int writer) {
            CompletableFuture<Void> unused = ledger.append(LedgerBench.draft(writer))
                    .thenRun(() -> {
                        mayGoOn.add(writer);
                        if (asleep) {
                            LockSupport.unpark(thread);
                        }
                    });
        }

        private int next() {
            Integer writer = mayGoOn.poll();
            while (writer == null) {
                asleep = true;
                writer = mayGoOn.poll();
                if (writer == null) {
                    LockSupport.park(this);
                    writer = mayGoOn.poll();
                }
                asleep = false;
            }
            return writer;
        }
    }

    /** Returns the seconds that the same bytes take in as many writes and syncs, without any computation. */
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
}
