// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.QuickJava;
import org.opdbus.ledger.VerifierKey;
import org.opdbus.ledger.read.Adoption;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.ledger.verify.Verification;
import org.opdbus.ledger.verify.Verifier;

/** Kills a real writing process at random moments; whatever it had acknowledged must be there, and verify. */
final class KilledWriterTest {
    private static final int KILLS = 200;
    private static final int LEDGERS = 10;

    /** The time within which a writer is killed after its first acknowledgement. */
    private static final int ALIVE_MICROS_MAX = 60_000;

    /** A hundred times what docs/LEDGER.md says of a host that is not in distress. */
    private static final Duration UNSIGNED_MAX = Duration.ofSeconds(10);

    @TempDir
    Path temp;

    private static QuickJava java;
    private static ScheduledExecutorService killer;

    @BeforeAll
    static void prepare(@TempDir Path folder) throws IOException, InterruptedException {
        java = QuickJava.in(folder);
        killer = Executors.newSingleThreadScheduledExecutor();
    }

    @AfterAll
    static void end() {
        killer.shutdownNow();
    }

    @Test
    void nothing_acknowledged_is_lost_by_two_hundred_kills() throws InterruptedException, ExecutionException {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("KilledWriterTest: -Dseed=" + seed);
        ExecutorService pool =
                Executors.newFixedThreadPool(2 * Runtime.getRuntime().availableProcessors());
        try {
            List<Callable<Long>> histories = new ArrayList<>();
            for (int i = 0; i < LEDGERS; i++) {
                Path dir = temp.resolve("host" + i + "/ledger");
                Random random = new Random(seed + i);
                histories.add(() -> history(dir, random));
            }
            for (Future<Long> entries : pool.invokeAll(histories)) {
                assertThat(entries.get()).isGreaterThan(KILLS / LEDGERS);
            }
            System.out.println(
                    "KilledWriterTest: killed writers left entries unsigned of " + LONGEST.get() + " at most");
        } finally {
            pool.shutdownNow();
        }
    }

    /** The time between the first entry that was not signed and the last one, in the worst case so far. */
    private static final AtomicReference<Duration> LONGEST = new AtomicReference<>(Duration.ZERO);

    /** One ledger's writers, killed one after the other; every one goes on where the one before was killed. */
    private static long history(Path dir, Random random) throws IOException, InterruptedException, ExecutionException {
        long entries = 0;
        List<List<Long>> unsigned = new ArrayList<>();
        for (int kill = 0; kill < KILLS / LEDGERS; kill++) {
            List<String> acknowledged = killedWriter(dir, random);
            VerifierKey key = VerifierKey.read(LedgerOptions.publicKeyFileFor(dir));
            Verification verification =
                    Verifier.of(dir).withKey(key).withUnsignedAllowed().verify();
            assertThat(verification.verdict())
                    .as("after kill %d: %s", kill, verification.findings())
                    .isIn(Verification.Verdict.INTACT, Verification.Verdict.TORN_TAIL);
            assertThat(verification.entries()).isGreaterThanOrEqualTo(entries);
            assertIsThere(dir, acknowledged);
            entries = verification.entries();
            if (verification.unsigned() > 0) {
                unsigned.add(List.of(entries - verification.unsigned() + 1, entries));
                measure(dir, verification.unsigned());
            }
        }
        try (FileLedger ledger = FileLedger.open(LedgerOptions.of(dir, "host1"))) {
            assertThat(ledger.opening().entries()).isEqualTo(entries);
        }
        Verification last = Verifier.of(dir).verify();
        assertThat(last.findings()).isEmpty();
        // Each start has said once, and exactly, what the one before it left unsigned.
        assertThat(LedgerReader.of(dir).adoptions())
                .extracting(adoption -> List.of(adoption.from(), adoption.to()))
                .isEqualTo(unsigned);
        assertThat(LONGEST.get())
                .as("docs/LEDGER.md says how long entries stay unsigned; a busy host takes longer")
                .isLessThan(UNSIGNED_MAX);
        return last.entries();
    }

    private static void measure(Path dir, long unsigned) {
        List<Instant> times = new ArrayList<>();
        LedgerReader.of(dir).tail(unsigned, entry -> {
            if (entry.kind().equals(Adoption.KIND)) {
                // What precedes was left by an earlier writer, which was killed before it signed anything.
                times.clear();
            }
            times.add(entry.time());
        });
        Duration time = Duration.between(times.get(0), times.get(times.size() - 1));
        LONGEST.accumulateAndGet(time, (one, other) -> one.compareTo(other) > 0 ? one : other);
    }

    private static List<String> killedWriter(Path dir, Random random)
            throws IOException, InterruptedException, ExecutionException {
        Process writer = java.start(dir, 2_000 + random.nextInt(60_000));
        List<String> acknowledged = new ArrayList<>();
        try (BufferedReader out = writer.inputReader()) {
            String first = out.readLine();
            while (first != null && !isAcknowledgement(first)) {
                // What opening had to say.
                first = out.readLine();
            }
            assertThat(first).as("the writer's first acknowledgement").isNotNull();
            acknowledged.add(first);
            long alive = TimeUnit.MICROSECONDS.toNanos(random.nextInt(ALIVE_MICROS_MAX));
            // By its handle: killing through Process would close the pipe with what is in it.
            Future<Boolean> killed =
                    killer.schedule(() -> writer.toHandle().destroyForcibly(), alive, TimeUnit.NANOSECONDS);
            // What it had said before it died is in the pipe still; its last line may be cut off.
            String line = out.readLine();
            while (line != null) {
                acknowledged.add(line);
                line = out.readLine();
            }
            assertThat(killed.get()).isEqualTo(true);
        }
        assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(writer.exitValue()).as("ended by SIGKILL").isEqualTo(128 + 9);
        return acknowledged;
    }

    private static boolean isAcknowledgement(String line) {
        return line.matches("[0-9]+ [0-9a-f]{64}");
    }

    private static void assertIsThere(Path dir, List<String> acknowledged) {
        List<String> whole = acknowledged.stream()
                .filter(KilledWriterTest::isAcknowledgement)
                .toList();
        List<String> found = new ArrayList<>();
        long first = Long.parseLong(whole.get(0).split(" ", 2)[0]);
        LedgerReader reader = LedgerReader.of(dir);
        long last = reader.last().orElseThrow().height();
        reader.tail(last - first + 1, entry -> found.add(entry.height() + " " + entry.hash()));
        assertThat(found).startsWith(whole.toArray(new String[0]));
    }
}
