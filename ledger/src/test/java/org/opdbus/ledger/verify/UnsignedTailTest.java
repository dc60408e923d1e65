// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.LedgerListener;
import org.opdbus.ledger.SampleLedger;
import org.opdbus.ledger.merkle.InclusionProof;
import org.opdbus.ledger.read.Adoption;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.ledger.write.FileLedger;

/** The verification finds entries after a genuine checkpoint, and a start that continues after them records this for ever. */
final class UnsignedTailTest {
    private static final int SIGNED = 150;

    @TempDir
    Path temp;

    private SampleLedger sample;
    private Checkpoint genuine;

    @BeforeEach
    void write() {
        sample = SampleLedger.write(temp.resolve("host/ledger"), SIGNED);
        genuine = Checkpoint.read(sample.checkpoint()).orElseThrow();
    }

    /** Appends entries that an attacker has made, with a correct chain and correct hashes. */
    private void forge(int entries) throws IOException {
        List<String> lines = sample.lines();
        Entry last = SampleLedger.entry(lines.get(lines.size() - 1));
        StringBuilder text = new StringBuilder();
        String prev = last.hash();
        for (int i = 1; i <= entries; i++) {
            String line = SampleLedger.line(
                    new Draft("container.enrolled", "evil", Map.of("n", i)), last.height() + i, last.time(), prev);
            prev = SampleLedger.entry(line).hash();
            text.append(line).append('\n');
        }
        List<LedgerDirectory.Segment> segments = sample.segments();
        Files.writeString(segments.get(segments.size() - 1).file(), text, StandardOpenOption.APPEND);
    }

    @Test
    void a_forged_tail_under_a_genuine_checkpoint_is_found_and_its_heights_named() throws IOException {
        Path last = sample.segments().get(sample.segments().size() - 1).file();
        long size = Files.size(last);
        forge(3);
        Verification verification = sample.verify();
        assertThat(verification.verdict()).isEqualTo(Verification.Verdict.UNSIGNED_TAIL);
        Finding finding = verification.findings().get(0);
        assertThat(finding.height()).isEqualTo(SIGNED + 1);
        assertThat(finding.file()).isEqualTo(last);
        assertThat(finding.offset()).isEqualTo(size);
        assertThat(finding.what()).contains("entries 151 to 153 are not signed");
        assertThat(verification.entries()).isEqualTo(SIGNED + 3);
        assertThat(verification.unsigned()).isEqualTo(3);
        assertThat(Verifier.of(sample.dir).verify().verdict()).isEqualTo(Verification.Verdict.UNSIGNED_TAIL);
    }

    @Test
    void it_passes_only_where_it_is_allowed_and_is_named_there() throws IOException {
        forge(1);
        Verification verification = Verifier.of(sample.dir)
                .withKey(sample.key())
                .withUnsignedAllowed()
                .verify();
        assertThat(verification.findings()).isEmpty();
        assertThat(verification.notices()).containsExactly("entry 151 is not signed");
    }

    @Test
    void an_older_checkpoint_passes_when_the_running_agent_has_signed_the_rest() throws IOException {
        sample.append(40);
        Checkpoint newer = Checkpoint.read(sample.checkpoint()).orElseThrow();
        Files.writeString(sample.checkpoint(), genuine.note());
        assertThat(sample.verify().verdict()).isEqualTo(Verification.Verdict.UNSIGNED_TAIL);
        Verification vouched = Verifier.of(sample.dir)
                .withKey(sample.key())
                .withAgent(() -> Optional.of(newer))
                .verify();
        assertThat(vouched.findings()).isEmpty();
        assertThat(vouched.checkpoint()).contains(newer);
        assertThat(vouched.unsigned()).isZero();
    }

    @Test
    void a_running_agent_vouches_for_its_own_entries_and_no_further() throws IOException {
        sample.append(40);
        Checkpoint newer = Checkpoint.read(sample.checkpoint()).orElseThrow();
        Files.writeString(sample.checkpoint(), genuine.note());
        forge(2);
        Finding finding = Verifier.of(sample.dir)
                .withKey(sample.key())
                .withAgent(() -> Optional.of(newer))
                .verify()
                .findings()
                .get(0);
        assertThat(finding.verdict()).isEqualTo(Verification.Verdict.UNSIGNED_TAIL);
        assertThat(finding.height()).isEqualTo(SIGNED + 41);
        assertThat(finding.what()).contains("entries 191 to 192 are not signed");
        String text = Files.readString(finding.file());
        assertThat(text.getBytes(StandardCharsets.UTF_8).length).isGreaterThan((int) finding.offset());
        assertThat(text.substring((int) finding.offset())).startsWith("{").contains("\"subject\":\"evil\"");
    }

    @Test
    void a_tail_that_is_not_what_the_agent_signed_is_damage() throws IOException {
        SampleLedger other = sample.copyTo(temp.resolve("other/ledger"));
        other.append(3);
        Checkpoint signed = Checkpoint.read(other.checkpoint()).orElseThrow();
        forge(3);
        Finding finding = Verifier.of(sample.dir)
                .withKey(sample.key())
                .withAgent(() -> Optional.of(signed))
                .verify()
                .findings()
                .get(0);
        assertThat(finding.verdict()).isEqualTo(Verification.Verdict.DAMAGED);
        assertThat(finding.height()).isEqualTo(SIGNED + 1);
    }

    @Test
    void another_keys_checkpoint_vouches_for_nothing() throws IOException {
        SampleLedger other = SampleLedger.write(temp.resolve("other/ledger"), SIGNED + 3);
        Checkpoint foreign = Checkpoint.read(other.checkpoint()).orElseThrow();
        forge(3);
        assertThat(Verifier.of(sample.dir)
                        .withKey(sample.key())
                        .withAgent(() -> Optional.of(foreign))
                        .verify()
                        .verdict())
                .isEqualTo(Verification.Verdict.UNSIGNED_TAIL);
    }

    @Test
    void a_start_records_what_it_adopts_before_it_signs_anything_and_once_only() throws IOException {
        forge(3);
        List<Checkpoint> signed = new ArrayList<>();
        LedgerListener listener = new LedgerListener() {
            @Override
            public void checkpointed(Checkpoint checkpoint) {
                signed.add(checkpoint);
            }
        };
        try (FileLedger ledger = FileLedger.open(sample.options().withListener(listener))) {
            assertThat(ledger.opening().adoption()).contains(new Adoption(151, 153, 0));
            SampleLedger.append(ledger, 2);
        }
        Entry adopted = LedgerReader.of(sample.dir).entry(154);
        assertThat(adopted.kind()).isEqualTo("ledger.adopted");
        assertThat(adopted.subject()).isEqualTo("ledger");
        assertThat(adopted.data())
                .isEqualTo(Map.of("from", 151L, "to", 153L, "state", "unsigned", "checkpoint", genuine.note()));
        assertThat(signed)
                .as("no signature covers the tail without what is said of it")
                .allMatch(checkpoint -> checkpoint.size() >= 154);
        sample.append(20);
        FileLedger.open(sample.options()).close();
        assertThat(LedgerReader.of(sample.dir).adoptions()).containsExactly(new Adoption(151, 153, 154));
        Verification later = sample.verify();
        assertThat(later.findings()).isEmpty();
        assertThat(later.adoptions()).containsExactly(new Adoption(151, 153, 154));
        assertThat(later.notices())
                .containsExactly(
                        "entries 151 to 153 were not signed when an agent started on them; entry 154 records that"
                                + " it adopted them");
        InclusionProof proof = LedgerProver.of(sample.dir).inclusion(154);
        proof.check(sample.key());
        assertThat(Adoption.of(proof.entry()).orElseThrow().covers(152)).isTrue();
        assertThat(Checkpoint.parseSigned(String.valueOf(proof.entry().data().get("checkpoint")), sample.key())
                        .size())
                .isEqualTo(SIGNED);
    }

    @Test
    void a_ledger_that_is_signed_to_its_end_adopts_nothing() {
        try (FileLedger ledger = FileLedger.open(sample.options())) {
            assertThat(ledger.opening().adoption()).isEmpty();
        }
        assertThat(LedgerReader.of(sample.dir).last().orElseThrow().height()).isEqualTo(SIGNED);
    }

    @Test
    void everything_that_is_added_to_a_ledger_that_nothing_was_signed_of_is_adopted() throws IOException {
        SampleLedger fresh = SampleLedger.write(temp.resolve("fresh/ledger"), 0);
        Checkpoint none = Checkpoint.read(fresh.checkpoint()).orElseThrow();
        fresh.append(3);
        Files.writeString(fresh.checkpoint(), none.note());
        Finding finding = fresh.verify().findings().get(0);
        assertThat(finding.verdict()).isEqualTo(Verification.Verdict.UNSIGNED_TAIL);
        assertThat(finding.height()).isEqualTo(1);
        fresh.append(1);
        assertThat(LedgerReader.of(fresh.dir).adoptions()).containsExactly(new Adoption(1, 3, 4));
        assertThat(fresh.verify().findings()).isEmpty();
    }

    @Test
    void a_torn_line_after_the_tail_is_reported_as_well() throws IOException {
        forge(2);
        List<LedgerDirectory.Segment> segments = sample.segments();
        Files.writeString(segments.get(segments.size() - 1).file(), "{\"data\"", StandardOpenOption.APPEND);
        assertThat(sample.verify().findings())
                .extracting(Finding::verdict)
                .containsExactly(Verification.Verdict.UNSIGNED_TAIL, Verification.Verdict.TORN_TAIL);
        sample.append(1);
        assertThat(LedgerReader.of(sample.dir).adoptions()).containsExactly(new Adoption(151, 152, 153));
        assertThat(LedgerReader.of(sample.dir).entry(154).kind()).isEqualTo("ledger.repaired");
    }
}
