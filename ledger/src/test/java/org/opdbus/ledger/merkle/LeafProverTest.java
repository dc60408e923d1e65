// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.merkle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.SampleLedger;
import org.opdbus.ledger.verify.LedgerProver;

class LeafProverTest {
    @TempDir
    Path temp;

    private final List<Checkpoint> checkpoints = new ArrayList<>();

    /** Writes some segments, and keeps a checkpoint every few entries. */
    private SampleLedger grown() throws IOException {
        SampleLedger sample = SampleLedger.write(temp.resolve("ledger"), 1);
        for (int i = 0; i < 60; i++) {
            checkpoints.add(Checkpoint.parse(Files.readString(sample.checkpoint())));
            sample.append(1 + i % 9);
        }
        assertThat(sample.segments()).hasSizeGreaterThan(3);
        return sample;
    }

    private Checkpoint last() {
        return checkpoints.get(checkpoints.size() - 1);
    }

    @Test
    void a_proof_from_leaf_hashes_is_the_one_from_the_entries() throws IOException {
        SampleLedger sample = grown();
        LeafProver fast = LeafProver.of(sample.dir);
        LedgerProver whole = LedgerProver.of(sample.dir);
        for (int older = 0; older < checkpoints.size(); older++) {
            for (int newer = older; newer < checkpoints.size(); newer += 7) {
                Checkpoint from = checkpoints.get(older);
                Checkpoint to = checkpoints.get(newer);
                assertThat(fast.consistency(from, to).map(ConsistencyProof::text))
                        .as("%s to %s entries", from.size(), to.size())
                        .hasValue(whole.consistency(from, to).text());
            }
        }
    }

    @Test
    void segments_before_the_older_checkpoint_are_not_read() throws IOException {
        SampleLedger sample = grown();
        List<LedgerDirectory.Segment> segments = sample.segments();
        for (LedgerDirectory.Segment segment : segments.subList(0, segments.size() - 1)) {
            Files.delete(new LedgerDirectory(sample.dir).leaves(segment.first()));
            Files.writeString(segment.file(), "");
        }
        long begins = segments.get(segments.size() - 1).first();
        Checkpoint before = checkpoints.stream()
                .filter(each -> each.size() >= begins)
                .findFirst()
                .orElseThrow();
        LeafProver.of(sample.dir).consistency(before, last()).orElseThrow().check(sample.key());
    }

    @Test
    void leaf_hashes_that_are_missing_or_wrong_prove_nothing() throws IOException {
        SampleLedger sample = grown();
        LeafProver prover = LeafProver.of(sample.dir);
        Checkpoint first = checkpoints.get(0);
        long begins = sample.segments().get(1).first();
        Path leaves = new LedgerDirectory(sample.dir).leaves(begins);
        byte[] good = Files.readAllBytes(leaves);
        int header = LeavesFile.headerBytes(begins - 1);
        for (int at : new int[] {header, (header + good.length) / 2, good.length - 1}) {
            byte[] wrong = good.clone();
            wrong[at] ^= 1;
            Files.write(leaves, wrong);
            assertThat(prover.consistency(first, last())).as("byte %d", at).isEmpty();
        }
        Files.write(leaves, Arrays.copyOf(good, good.length - 1));
        assertThat(prover.consistency(first, last())).isEmpty();
        Files.delete(leaves);
        assertThat(prover.consistency(first, last())).isEmpty();
        Files.write(leaves, good);
        assertThat(prover.consistency(first, last())).isPresent();
    }

    @Test
    void a_checkpoint_of_another_history_is_not_proved() throws IOException {
        SampleLedger sample = grown();
        SampleLedger other = SampleLedger.write(temp.resolve("other/ledger"), 5);
        Checkpoint foreign = Checkpoint.parse(Files.readString(other.checkpoint()));
        assertThat(LeafProver.of(sample.dir).consistency(foreign, last())).isEmpty();
        assertThat(LeafProver.of(sample.dir).consistency(last(), foreign)).isEmpty();
    }
}
