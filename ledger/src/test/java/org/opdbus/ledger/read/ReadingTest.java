// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.LedgerException.Reason;
import org.opdbus.ledger.SampleLedger;
import org.opdbus.ledger.merkle.ConsistencyProof;
import org.opdbus.ledger.merkle.InclusionProof;
import org.opdbus.ledger.verify.LedgerProver;
import org.opdbus.ledger.verify.Verification;
import org.opdbus.ledger.verify.Verifier;
import org.opdbus.ledger.write.FileLedger;

final class ReadingTest {
    private static final Duration GENEROUS = Duration.ofSeconds(30);

    @TempDir
    Path temp;

    private SampleLedger sample(int entries) {
        return SampleLedger.write(temp.resolve("host/ledger"), entries);
    }

    @Test
    void the_tail_is_the_last_entries_in_order_whatever_segments_they_are_in() {
        SampleLedger sample = sample(200);
        for (int count : new int[] {0, 1, 10, 70, 150, 200, 1000}) {
            List<Long> heights = new ArrayList<>();
            LedgerReader.of(sample.dir).tail(count, entry -> heights.add(entry.height()));
            assertThat(heights).hasSize(Math.min(count, 200));
            for (int i = 0; i < heights.size(); i++) {
                assertThat(heights.get(i)).isEqualTo(201L - heights.size() + i);
            }
        }
    }

    @Test
    void an_entry_is_found_by_height_and_by_the_beginning_of_its_hash() {
        SampleLedger sample = sample(100);
        LedgerReader reader = LedgerReader.of(sample.dir);
        Entry entry = reader.find("77");
        assertThat(entry.height()).isEqualTo(77);
        assertThat(reader.find(entry.hash().substring(0, 20))).isEqualTo(entry);
        assertThatThrownBy(() -> reader.find("101"))
                .hasMessageContaining("no entry 101")
                .hasMessageContaining("entries 1 to 100");
        assertThatThrownBy(() -> reader.find("xyz")).hasMessageContaining("neither a height nor");
    }

    @Test
    void a_search_lets_through_what_fits_and_an_export_is_the_bytes_on_disk() throws IOException {
        SampleLedger sample = sample(100);
        LedgerReader reader = LedgerReader.of(sample.dir);
        List<Entry> found = new ArrayList<>();
        reader.search(EntryFilter.ALL.withKind("port.*").withSubject("vi7"), found::add);
        reader.search(EntryFilter.ALL.withText("\"n\":8"), found::add);
        reader.search(EntryFilter.ALL.withSince(found.get(0).time()).withUntil(Instant.EPOCH), found::add);
        assertThat(found).extracting(Entry::subject).containsExactly("vi7");
        reader.search(EntryFilter.ALL.withText("vi8"), found::add);
        assertThat(found).hasSize(12);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        reader.export(EntryFilter.ALL, out);
        assertThat(out.toString(StandardCharsets.UTF_8).lines().toList()).isEqualTo(sample.lines());
    }

    @Test
    void a_follower_sees_every_entry_once_across_segments_while_they_are_written() throws InterruptedException {
        SampleLedger sample = sample(5);
        try (LedgerFollower follower = LedgerReader.of(sample.dir).follow(3)) {
            CompletableFuture<List<Entry>> writing = CompletableFuture.supplyAsync(() -> sample.append(300));
            for (long height = 4; height <= 305; height++) {
                assertThat(follower.next(GENEROUS).orElseThrow().height()).isEqualTo(height);
            }
            assertThat(writing.join()).hasSize(300);
            assertThat(follower.next(Duration.ofMillis(1))).isEmpty();
        }
    }

    @Test
    void verifying_holds_at_every_moment_while_the_ledger_is_written() throws InterruptedException {
        SampleLedger sample = sample(1);
        int rounds = 100;
        // A few commits while each verification runs: without bounds the ledger would outgrow the verifier.
        Semaphore commits = new Semaphore(0);
        Thread writer = new Thread(() -> {
            try (FileLedger ledger = FileLedger.open(sample.options())) {
                for (int i = 0; i < 4 * rounds; i++) {
                    commits.acquireUninterruptibly();
                    SampleLedger.append(ledger, 20);
                }
            }
        });
        writer.start();
        long entries = 0;
        for (int i = 0; i < rounds; i++) {
            commits.release(4);
            Verification verification = sample.verify();
            assertThat(verification.findings()).isEmpty();
            assertThat(verification.entries()).isGreaterThanOrEqualTo(entries);
            entries = verification.entries();
        }
        writer.join();
        assertThat(sample.verify().entries()).isEqualTo(1 + 80 * rounds);
    }

    @Test
    void every_entry_can_be_proved_with_the_public_key_alone() {
        SampleLedger sample = sample(67);
        LedgerProver prover = LedgerProver.of(sample.dir);
        for (int height = 1; height <= 67; height++) {
            InclusionProof proof = prover.inclusion(height);
            String text = proof.text();
            String line = proof.entry().line();
            int encoded = Base64.getEncoder().encode(line.getBytes(StandardCharsets.UTF_8)).length;
            // Seven hashes of 45 characters here, twenty in a ledger of a million entries.
            assertThat(text.length() - encoded + (20 - 7) * 45).isLessThan(2048);
            InclusionProof received = InclusionProof.parse(text);
            received.check(sample.key());
            assertThat(received.entry().height()).isEqualTo(height);
        }
        assertThatThrownBy(() -> prover.inclusion(68)).hasMessageContaining("covers entries 1 to 67");
    }

    @Test
    void a_proof_with_any_byte_changed_proves_nothing() {
        SampleLedger sample = sample(20);
        byte[] text = LedgerProver.of(sample.dir).inclusion(11).text().getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < text.length; i++) {
            text[i] ^= 1;
            String changed = new String(text, StandardCharsets.UTF_8);
            assertThatThrownBy(() -> InclusionProof.parse(changed).check(sample.key()))
                    .as("byte %d", i)
                    .isInstanceOf(LedgerException.class);
            text[i] ^= 1;
        }
    }

    @Test
    void growth_between_any_two_checkpoints_can_be_proved_and_a_rewrite_cannot() throws IOException {
        SampleLedger sample = sample(0);
        List<Checkpoint> checkpoints = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            checkpoints.add(Checkpoint.parse(Files.readString(sample.checkpoint())));
            sample.append(1);
        }
        LedgerProver prover = LedgerProver.of(sample.dir);
        for (Checkpoint older : checkpoints) {
            for (Checkpoint newer : checkpoints.subList(checkpoints.indexOf(older), checkpoints.size())) {
                ConsistencyProof.parse(prover.consistency(older, newer).text()).check(sample.key());
            }
        }
        SampleLedger other = SampleLedger.write(temp.resolve("other/ledger"), 5);
        Checkpoint foreign = Checkpoint.parse(Files.readString(other.checkpoint()));
        assertThatThrownBy(() -> prover.consistency(foreign)).hasMessageContaining("history was rewritten");
    }

    @Test
    void what_is_no_ledger_is_refused_in_one_line() throws IOException {
        Path empty = Files.createDirectory(temp.resolve("empty"));
        Path foreign = Files.createDirectory(temp.resolve("foreign"));
        Files.writeString(foreign.resolve("notes.txt"), "hello");
        Path misnamed = Files.createDirectory(temp.resolve("misnamed"));
        Files.writeString(misnamed.resolve("1.jsonl"), "");
        for (Path dir : List.of(empty, foreign, misnamed)) {
            assertThatThrownBy(() -> Verifier.of(dir).verify()).isInstanceOfSatisfying(LedgerException.class, e -> {
                assertThat(e.reason()).isEqualTo(Reason.NOT_A_LEDGER);
                assertThat(e.getMessage()).doesNotContain("\n");
            });
            assertThatThrownBy(() -> LedgerReader.of(dir)).isInstanceOf(LedgerException.class);
        }
        assertThatThrownBy(() -> LedgerReader.of(temp.resolve("absent"))).hasMessageContaining("start the agent");
        assertThatThrownBy(() -> LedgerReader.of(foreign.resolve("notes.txt"))).hasMessageContaining("not a directory");
    }

    @Test
    void an_entry_cannot_steer_the_terminal_that_shows_it() {
        Entry entry = new Entry(
                7,
                Instant.parse("2025-01-01T00:00:00.5Z"),
                "host1",
                "link.renamed",
                "vi\u001b[2J",
                Map.of("by", "\u009bA\u202e", "to", "vi100", "text", "two words"),
                Entry.NO_ENTRY,
                Entry.NO_ENTRY);
        assertThat(EntryColumns.of(entry))
                .contains("\"vi\\u001b[2J\"")
                .contains("by=\"\\u009bA\\u202e\"")
                .contains("to=vi100")
                .contains("text=\"two words\"");
        assertThat(EntryColumns.full(entry)).contains("height         7");
    }
}
