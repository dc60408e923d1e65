// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void a_second_writer_is_refused_and_told_who_holds_the_ledger() {
        try (FileLedger ledger = FileLedger.open(options())) {
            assertThatThrownBy(() -> FileLedger.open(options()))
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
            append(ledger, 1);
        }
    }
}
