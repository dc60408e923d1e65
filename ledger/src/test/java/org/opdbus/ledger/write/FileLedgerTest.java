// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.EntryFormat;
import org.opdbus.ledger.Ledger;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.QuickJava;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.ledger.text.Sha256;
import org.opdbus.ledger.verify.Verification;
import org.opdbus.ledger.verify.Verifier;

final class FileLedgerTest {
    @TempDir
    Path temp;

    private LedgerOptions options() {
        return LedgerOptions.of(temp.resolve("ledger"), "host1").withSegmentBytesMax(2000);
    }

    private static Draft draft(int i) {
        return new Draft("container.enrolled", "c" + i, Map.of("n", i, "bridge", "vmbr0"));
    }

    private static List<Entry> append(FileLedger ledger, int count) {
        List<CompletableFuture<Entry>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(ledger.append(draft(i)));
        }
        return all.stream().map(CompletableFuture::join).toList();
    }

    @Test
    void an_entry_is_on_disk_when_it_is_acknowledged() throws IOException {
        try (FileLedger ledger = FileLedger.open(options())) {
            Entry entry = append(ledger, 1).get(0);
            assertThat(Files.readString(temp.resolve("ledger/00000000000000000001.jsonl")))
                    .isEqualTo(entry.line() + "\n");
            assertThat(entry.prev()).isEqualTo(Entry.NO_ENTRY);
            assertThat(EntryFormat.parse(entry.line().getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                    .isEqualTo(entry);
        }
    }

    @Test
    void a_ledger_goes_on_where_it_was_closed_over_many_segments() {
        Entry last = null;
        for (int round = 0; round < 5; round++) {
            try (FileLedger ledger = FileLedger.open(options())) {
                assertThat(ledger.opening().entries()).isEqualTo(round * 20L);
                List<Entry> entries = append(ledger, 20);
                if (last != null) {
                    assertThat(entries.get(0).prev()).isEqualTo(last.hash());
                }
                last = entries.get(19);
                assertThat(ledger.head()).isEqualTo(Optional.of(new Ledger.Head(last.height(), last.hash())));
            }
        }
        assertThat(new LedgerDirectory(temp.resolve("ledger")).segments()).hasSizeGreaterThan(10);
    }

    @Test
    void opening_reads_the_end_of_a_ledger_and_all_of_it_only_when_the_start_index_does_not_fit() throws IOException {
        try (FileLedger ledger = FileLedger.open(options())) {
            append(ledger, 500);
        }
        try (FileLedger ledger = FileLedger.open(options())) {
            assertThat(ledger.opening().entries()).isEqualTo(500);
            assertThat(ledger.opening().entriesRead()).isBetween(1L, 10L);
        }
        for (LedgerDirectory.Segment segment : new LedgerDirectory(temp.resolve("ledger")).segments()) {
            Path leaves = new LedgerDirectory(temp.resolve("ledger")).leaves(segment.first());
            byte[] bytes = Files.readAllBytes(leaves);
            bytes[8] ^= 1;
            Files.write(leaves, bytes);
        }
        try (FileLedger ledger = FileLedger.open(options())) {
            assertThat(ledger.opening().entriesRead()).isEqualTo(500);
        }
        Verification verification = Verifier.of(temp.resolve("ledger")).verify();
        assertThat(verification.findings()).isEmpty();
        assertThat(verification.notices()).isEmpty();
    }

    @Test
    void a_start_index_whose_tree_does_not_fit_leaves_no_file_behind() throws IOException {
        try (FileLedger ledger = FileLedger.open(options())) {
            append(ledger, 500);
        }
        LedgerDirectory directory = new LedgerDirectory(temp.resolve("ledger"));
        for (LedgerDirectory.Segment segment : directory.segments()) {
            Path leaves = directory.leaves(segment.first());
            byte[] bytes = Files.readAllBytes(leaves);
            if (segment.first() > 1) {
                // The first hash of the tree before the segment: the chain goes on, the root does not.
                bytes[8 + Sha256.BYTES] ^= 1;
            }
            Files.write(leaves, bytes);
        }
        try (FileLedger ledger = FileLedger.open(options())) {
            assertThat(ledger.opening().entriesRead()).isEqualTo(500);
        }
        Verification verification = Verifier.of(temp.resolve("ledger")).verify();
        assertThat(verification.findings()).isEmpty();
        assertThat(verification.notices()).isEmpty();
    }

    @Test
    void a_clock_that_is_set_back_is_mentioned_and_no_damage() {
        Instant[] now = {Instant.parse("2025-01-01T00:00:10Z")};
        try (FileLedger ledger = FileLedger.open(options().withClock(() -> now[0]))) {
            append(ledger, 2);
            now[0] = now[0].minusSeconds(5);
            append(ledger, 2);
        }
        Verification verification = Verifier.of(temp.resolve("ledger")).verify();
        assertThat(verification.findings()).isEmpty();
        assertThat(verification.notices()).singleElement().asString().contains("clock was set back 1 times");
    }

    @Test
    void a_torn_last_line_is_dropped_and_recorded() throws IOException {
        try (FileLedger ledger = FileLedger.open(options())) {
            append(ledger, 3);
        }
        Path segment = temp.resolve("ledger/00000000000000000001.jsonl");
        long size = Files.size(segment);
        Files.writeString(segment, "{\"data\":{", StandardOpenOption.APPEND);
        try (FileLedger ledger = FileLedger.open(options())) {
            assertThat(ledger.opening().repair()).isPresent();
            assertThat(ledger.opening().repair().orElseThrow().offset()).isEqualTo(size);
            assertThat(append(ledger, 1).get(0).height()).isEqualTo(5);
            assertThat(Files.readString(segment)).contains("\"kind\":\"ledger.repaired\"");
        }
    }

    @Test
    void a_second_writer_is_refused_with_the_holder_of_the_ledger() {
        try (FileLedger ledger = FileLedger.open(options())) {
            assertThatThrownBy(() -> FileLedger.open(options()))
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
            append(ledger, 1);
        }
    }

    @Test
    void a_second_writer_in_another_process_is_refused_with_the_holder_of_the_ledger()
            throws IOException, InterruptedException {
        Process writer = QuickJava.in(temp.resolve("java")).start(temp.resolve("ledger"), 2000);
        try {
            assertThat(writer.inputReader().readLine()).startsWith("1 ");
            assertThatThrownBy(() -> FileLedger.open(options()))
                    .isInstanceOfSatisfying(
                            LedgerException.class, e -> assertThat(e.reason()).isEqualTo(LedgerException.Reason.LOCKED))
                    .hasMessageContaining("process " + writer.pid() + " ");
        } finally {
            writer.destroyForcibly();
            writer.waitFor();
        }
        try (FileLedger ledger = FileLedger.open(options())) {
            assertThat(append(ledger, 1)).hasSize(1);
        }
    }

    @Test
    void drafts_that_find_the_queue_full_are_refused_and_their_number_is_recorded() {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (FileLedger ledger = FileLedger.open(options().withQueueMax(2))) {
            // A subscriber that does not return blocks the thread that calls it.
            long heard = holdUp(ledger, stuck, release);
            List<CompletableFuture<Entry>> waiting = List.of(ledger.append(draft(1)), ledger.append(draft(2)));
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(ledger.append(draft(3))::join)
                        .cause()
                        .isInstanceOfSatisfying(
                                LedgerException.class,
                                e -> assertThat(e.reason()).isEqualTo(LedgerException.Reason.OVERFLOW));
            }
            release.countDown();
            assertThat(waiting.stream().map(future -> future.join().height())).containsExactly(heard + 1, heard + 2);
        }
        Entry last = LedgerReader.of(temp.resolve("ledger")).last().orElseThrow();
        assertThat(last.kind()).isEqualTo("ledger.overflowed");
        assertThat(last.data()).isEqualTo(Map.of("lost", 3L));
    }

    /** Stops the ledger's writing thread until released; returns how many entries that took. */
    private static long holdUp(FileLedger ledger, CountDownLatch stuck, CountDownLatch release) {
        Thread own = Thread.currentThread();
        for (long height = 1; true; height++) {
            CompletableFuture<Entry> entry = ledger.append(draft(0));
            CompletableFuture<Void> heard = entry.thenAccept(acknowledged -> {
                // If it was acknowledged before this was asked for, it is not the ledger's thread that says so.
                if (Thread.currentThread() != own) {
                    stuck.countDown();
                    await(release);
                }
            });
            if (!heard.isDone()) {
                await(stuck);
                return height;
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
