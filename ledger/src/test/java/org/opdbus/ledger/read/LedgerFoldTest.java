// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.SampleLedger;

final class LedgerFoldTest {
    private static final int ENTRIES = 400;

    @TempDir
    Path temp;

    private SampleLedger sample;
    private Path file;

    /** The entries of every hundredth height, and how many were read to know them. */
    private static final class Hundreds implements LedgerFold.Fold {
        private final List<Entry> entries = new ArrayList<>();
        private int added;

        @Override
        public void add(Entry entry) {
            added++;
            if (entry.height() % 100 == 0) {
                entries.add(entry);
            }
        }

        @Override
        public List<Entry> remaining() {
            return entries;
        }
    }

    @BeforeEach
    void write() {
        sample = SampleLedger.write(temp.resolve("host/ledger"), ENTRIES);
        file = temp.resolve("host/hundreds");
    }

    private Hundreds read() {
        return LedgerFold.of(sample.dir, file).read(Hundreds::new);
    }

    private static List<Long> heights(Hundreds fold) {
        return fold.entries.stream().map(Entry::height).toList();
    }

    @Test
    void what_was_remembered_is_not_read_again_and_leads_to_the_same() {
        Hundreds first = read();
        assertThat(first.added).isEqualTo(ENTRIES);
        assertThat(heights(first)).containsExactly(100L, 200L, 300L, 400L);
        sample.append(120);
        Hundreds again = read();
        assertThat(again.added).isEqualTo(4 + 120);
        assertThat(heights(again)).containsExactly(100L, 200L, 300L, 400L, 500L);
        assertThat(again.entries).startsWith(first.entries.toArray(new Entry[0]));
    }

    @Test
    void a_file_with_any_byte_changed_or_cut_off_anywhere_is_of_no_use() throws IOException {
        List<Entry> right = read().entries;
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < bytes.length; i += 7) {
            byte[] changed = bytes.clone();
            changed[i] ^= 1;
            assertReadsEverything(changed, right);
            assertReadsEverything(java.util.Arrays.copyOf(bytes, i), right);
        }
    }

    private void assertReadsEverything(byte[] remembered, List<Entry> right) throws IOException {
        Files.write(file, remembered);
        Hundreds fold = read();
        assertThat(fold.added).isEqualTo(ENTRIES);
        assertThat(fold.entries).isEqualTo(right);
    }

    @Test
    void what_was_remembered_of_another_ledger_is_of_no_use() throws IOException {
        read();
        SampleLedger other = SampleLedger.write(temp.resolve("other/ledger"), ENTRIES);
        Hundreds fold = LedgerFold.of(other.dir, file).read(Hundreds::new);
        assertThat(fold.added).isEqualTo(ENTRIES);
        SampleLedger shorter = SampleLedger.write(temp.resolve("shorter/ledger"), 10);
        read();
        assertThat(LedgerFold.of(shorter.dir, file).read(Hundreds::new).added).isEqualTo(10);
    }

    @Test
    void where_nothing_can_be_remembered_everything_is_read() {
        LedgerFold fold = LedgerFold.of(sample.dir, temp.resolve("no/such/folder"));
        assertThat(fold.read(Hundreds::new).added).isEqualTo(ENTRIES);
        assertThat(fold.read(Hundreds::new).added).isEqualTo(ENTRIES);
    }
}
