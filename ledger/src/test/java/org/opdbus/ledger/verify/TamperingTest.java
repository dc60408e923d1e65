// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.SampleLedger;
import org.opdbus.ledger.read.LedgerReader;

/** The verification finds every change that an attacker or a bad disk could make to a ledger, and names the right entry. */
final class TamperingTest {
    private static final int ENTRIES = 200;

    @TempDir(factory = InMemory.class)
    static Path shared;

    @TempDir(factory = InMemory.class)
    Path temp;

    /** A hundred thousand changes to files are no test of the disk. */
    static final class InMemory implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            Path memory = Path.of("/dev/shm");
            return Files.isWritable(memory)
                    ? Files.createTempDirectory(memory, "ledger")
                    : Files.createTempDirectory("ledger");
        }
    }

    private static SampleLedger original;
    private SampleLedger copy;

    @BeforeAll
    static void writeLedger() {
        original = SampleLedger.write(shared.resolve("original/ledger"), ENTRIES);
        assertThat(original.segments()).hasSizeGreaterThan(2);
    }

    @BeforeEach
    void copyLedger() throws IOException {
        copy = original.copyTo(temp.resolve("host/ledger"));
    }

    @Test
    void an_untouched_copy_passes() {
        Verification verification = copy.verify();
        assertThat(verification.findings()).isEmpty();
        assertThat(verification.notices()).isEmpty();
        assertThat(verification.entries()).isEqualTo(ENTRIES);
        assertThat(verification.signature()).isEqualTo(Verification.Signature.HOLDS);
    }

    @Test
    void a_flip_of_any_byte_of_any_entry_is_found_and_the_entry_named() {
        eachSegmentOfItsOwnCopy((own, segment) -> {
            Random random = new Random(segment.first());
            byte[] bytes = Files.readAllBytes(segment.file());
            long height = segment.first();
            try (FileChannel channel = FileChannel.open(segment.file(), StandardOpenOption.WRITE)) {
                for (int i = 0; i < bytes.length; i++) {
                    byte flipped = (byte) (bytes[i] ^ (1 + random.nextInt(255)));
                    channel.write(ByteBuffer.wrap(new byte[] {flipped}), i);
                    Verification verification = Verifier.of(own.dir).verify();
                    assertThat(verification.intact())
                            .as("byte %d of %s", i, segment)
                            .isFalse();
                    assertThat(verification.findings().get(0).height())
                            .as("byte %d of %s: %s", i, segment, verification.findings())
                            .isEqualTo(height);
                    channel.write(ByteBuffer.wrap(bytes, i, 1), i);
                    height += bytes[i] == '\n' ? 1 : 0;
                }
            }
            assertThat(own.verify().intact()).isTrue();
        });
    }

    /** An action on a segment of a ledger that no other test uses. */
    private interface Attack {
        void on(SampleLedger own, LedgerDirectory.Segment segment) throws IOException;
    }

    private void eachSegmentOfItsOwnCopy(Attack attack) {
        original.segments().parallelStream().forEach(segment -> {
            SampleLedger own = original.copyTo(temp.resolve("host" + segment.first() + "/ledger"));
            try {
                attack.on(own, new LedgerDirectory(own.dir).segment(segment.first()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void a_flip_of_any_bit_of_the_checkpoint_is_found() throws IOException {
        byte[] bytes = Files.readAllBytes(copy.checkpoint());
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(copy.checkpoint(), bytes);
            assertThat(copy.verify().verdict())
                    .as("bit %d of the checkpoint", bit)
                    .isIn(
                            Verification.Verdict.UNSIGNED,
                            Verification.Verdict.WRONG_KEY,
                            Verification.Verdict.BAD_SIGNATURE);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    @Test
    void a_flip_of_any_byte_of_a_derived_file_is_noticed_and_harms_nothing() throws IOException {
        for (LedgerDirectory.Segment segment : copy.segments()) {
            Path file = new LedgerDirectory(copy.dir).leaves(segment.first());
            byte[] bytes = Files.readAllBytes(file);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] ^= 1;
                Files.write(file, bytes);
                Verification verification = Verifier.of(copy.dir).verify();
                assertThat(verification.findings()).isEmpty();
                assertThat(verification.notices()).as("byte %d of %s", i, file).hasSize(1);
                bytes[i] ^= 1;
            }
            Files.write(file, bytes);
        }
    }

    @Test
    void a_segment_cut_off_anywhere_is_found_and_the_first_missing_entry_named() {
        eachSegmentOfItsOwnCopy((own, segment) -> {
            byte[] bytes = Files.readAllBytes(segment.file());
            List<LedgerDirectory.Segment> segments = own.segments();
            boolean last = segment.equals(segments.get(segments.size() - 1));
            long height = segment.first() + Files.readAllLines(segment.file()).size();
            try (FileChannel channel = FileChannel.open(segment.file(), StandardOpenOption.WRITE)) {
                for (int length = bytes.length - 1; length >= 0; length--) {
                    channel.truncate(length);
                    height -= bytes[length] == '\n' ? 1 : 0;
                    Finding finding = Verifier.of(own.dir).verify().findings().get(0);
                    assertThat(finding.height())
                            .as("%s cut to %d", segment, length)
                            .isEqualTo(height);
                    if (last) {
                        assertThat(finding.verdict()).isEqualTo(Verification.Verdict.MISSING_ENTRIES);
                    }
                }
            }
        });
    }

    @Test
    void an_entry_dropped_anywhere_is_found() throws IOException {
        List<String> lines = copy.lines();
        for (int i = 0; i < ENTRIES; i++) {
            List<String> fewer = new ArrayList<>(lines);
            fewer.remove(i);
            copy.writeLines(fewer);
            assertThat(copy.verify().findings().get(0).height()).isEqualTo(i + 1);
        }
    }

    @Test
    void an_entry_doubled_anywhere_is_found() throws IOException {
        List<String> lines = copy.lines();
        for (int i = 0; i < ENTRIES; i++) {
            List<String> more = new ArrayList<>(lines);
            more.add(i, lines.get(i));
            copy.writeLines(more);
            assertThat(copy.verify().findings().get(0).height()).isEqualTo(i + 2);
        }
    }

    @Test
    void two_entries_swapped_anywhere_are_found() throws IOException {
        List<String> lines = copy.lines();
        for (int i = 0; i + 1 < ENTRIES; i++) {
            List<String> swapped = new ArrayList<>(lines);
            swapped.set(i, lines.get(i + 1));
            swapped.set(i + 1, lines.get(i));
            copy.writeLines(swapped);
            assertThat(copy.verify().findings().get(0).height()).isEqualTo(i + 1);
        }
    }

    @Test
    void an_entry_edited_and_hashed_anew_is_named_itself() throws IOException {
        List<String> lines = copy.lines();
        for (int i = 0; i < ENTRIES; i++) {
            List<String> edited = new ArrayList<>(lines);
            edited.set(
                    i,
                    SampleLedger.forged(
                            lines.get(i),
                            Map.of("n", "other"),
                            SampleLedger.entry(lines.get(i)).prev()));
            copy.writeLines(edited);
            Finding finding = copy.verify().findings().get(0);
            assertThat(finding.height()).isEqualTo(i + 1);
            assertThat(finding.verdict()).isEqualTo(Verification.Verdict.DAMAGED);
        }
    }

    @Test
    void an_entry_edited_with_everything_after_it_hashed_anew_is_named_itself() throws IOException {
        List<String> lines = copy.lines();
        for (int i = 0; i < ENTRIES; i += 7) {
            List<String> edited = rewrittenFrom(lines, i);
            copy.writeLines(edited);
            Verification verification = copy.verify();
            assertThat(verification.entries()).as("the chain by itself holds").isEqualTo(ENTRIES);
            assertThat(verification.findings().get(0).height()).isEqualTo(i + 1);
        }
    }

    static List<String> rewrittenFrom(List<String> lines, int index) {
        List<String> edited = new ArrayList<>(lines.subList(0, index));
        String prev = SampleLedger.entry(lines.get(index)).prev();
        for (String line : lines.subList(index, lines.size())) {
            Map<String, Object> data = edited.size() == index
                    ? Map.of("n", "other")
                    : SampleLedger.entry(line).data();
            edited.add(SampleLedger.forged(line, data, prev));
            prev = SampleLedger.entry(edited.get(edited.size() - 1)).hash();
        }
        return edited;
    }

    @Test
    void rewritten_history_is_found_without_the_leaf_hashes_too() throws IOException {
        copy.writeLines(rewrittenFrom(copy.lines(), 50));
        for (LedgerDirectory.Segment segment : copy.segments()) {
            Files.delete(new LedgerDirectory(copy.dir).leaves(segment.first()));
        }
        assertThat(copy.verify().verdict()).isEqualTo(Verification.Verdict.DAMAGED);
    }

    @Test
    void any_segment_deleted_is_found() throws IOException {
        List<LedgerDirectory.Segment> segments = copy.segments();
        for (LedgerDirectory.Segment segment : segments) {
            byte[] bytes = Files.readAllBytes(segment.file());
            Files.delete(segment.file());
            Finding finding = copy.verify().findings().get(0);
            assertThat(finding.verdict()).isEqualTo(Verification.Verdict.MISSING_ENTRIES);
            assertThat(finding.height()).isEqualTo(segment.first());
            Files.write(segment.file(), bytes);
        }
    }

    @Test
    void all_segments_deleted_is_found() throws IOException {
        for (LedgerDirectory.Segment segment : copy.segments()) {
            Files.delete(segment.file());
        }
        assertThat(copy.verify().verdict()).isEqualTo(Verification.Verdict.MISSING_ENTRIES);
        assertThat(copy.verify().findings().get(0).height()).isEqualTo(1);
    }

    @Test
    void an_older_copy_under_a_newer_checkpoint_is_found() throws IOException {
        SampleLedger newer = original.copyTo(temp.resolve("newer/ledger"));
        newer.append(10);
        Files.copy(newer.checkpoint(), copy.checkpoint(), StandardCopyOption.REPLACE_EXISTING);
        Finding finding = copy.verify().findings().get(0);
        assertThat(finding.verdict()).isEqualTo(Verification.Verdict.MISSING_ENTRIES);
        assertThat(finding.height()).isEqualTo(ENTRIES + 1);
    }

    @Test
    void an_older_copy_checkpoint_and_all_is_found_by_a_checkpoint_kept_elsewhere() {
        SampleLedger newer = original.copyTo(temp.resolve("newer/ledger"));
        newer.append(10);
        Checkpoint kept = Checkpoint.read(newer.checkpoint()).orElseThrow();
        assertThat(copy.verify().intact()).isTrue();
        assertThat(Verifier.of(copy.dir)
                        .withKey(copy.key())
                        .withAnchors(List.of(kept))
                        .verify()
                        .verdict())
                .isEqualTo(Verification.Verdict.MISSING_ENTRIES);
    }

    @Test
    void a_ledger_signed_again_by_another_key_is_found() {
        SampleLedger other = SampleLedger.write(temp.resolve("other/ledger"), ENTRIES);
        assertThat(Verifier.of(other.dir).withKey(copy.key()).verify().verdict())
                .isEqualTo(Verification.Verdict.WRONG_KEY);
        assertThat(Verifier.of(copy.dir).withKey(other.key()).verify().verdict())
                .isEqualTo(Verification.Verdict.WRONG_KEY);
    }

    @Test
    void a_stripped_signature_and_a_missing_checkpoint_are_found_with_and_without_a_key() throws IOException {
        String note = Files.readString(copy.checkpoint());
        Files.writeString(copy.checkpoint(), note.substring(0, note.indexOf("\n\n") + 2));
        assertThat(copy.verify().verdict()).isEqualTo(Verification.Verdict.UNSIGNED);
        assertThat(Verifier.of(copy.dir).verify().verdict()).isEqualTo(Verification.Verdict.UNSIGNED);
        Files.delete(copy.checkpoint());
        assertThat(copy.verify().verdict()).isEqualTo(Verification.Verdict.UNSIGNED);
        assertThat(Verifier.of(copy.dir).verify().verdict()).isEqualTo(Verification.Verdict.UNSIGNED);
    }

    @Test
    void without_a_key_the_result_says_that_the_signer_was_not_checked() {
        Verification verification = Verifier.of(copy.dir).verify();
        assertThat(verification.intact()).isTrue();
        assertThat(verification.signature()).isEqualTo(Verification.Signature.NOT_CHECKED);
    }

    @Test
    void an_unsigned_torn_last_line_is_distinguished_from_damage() throws IOException {
        List<LedgerDirectory.Segment> segments = copy.segments();
        Path last = segments.get(segments.size() - 1).file();
        long size = Files.size(last);
        Files.writeString(last, "{\"data\":{\"n\"", StandardOpenOption.APPEND);
        Finding finding = copy.verify().findings().get(0);
        assertThat(finding.verdict()).isEqualTo(Verification.Verdict.TORN_TAIL);
        assertThat(finding.height()).isEqualTo(ENTRIES + 1);
        assertThat(finding.offset()).isEqualTo(size);
    }

    @Test
    void verifying_changes_nothing() throws IOException {
        Map<Path, String> before = state();
        copy.verify();
        new ArrayList<>(List.of(LedgerReader.of(copy.dir).last()));
        assertThat(state()).isEqualTo(before);
    }

    private Map<Path, String> state() throws IOException {
        try (Stream<Path> files = Files.walk(temp)) {
            Map<Path, String> state = new TreeMap<>();
            for (Path file : files.toList()) {
                state.put(file, Files.getLastModifiedTime(file) + " " + Files.size(file));
            }
            return state;
        }
    }
}
