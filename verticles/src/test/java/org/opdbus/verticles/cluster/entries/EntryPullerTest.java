// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;

class EntryTailsTest {
    @TempDir
    Path folder;

    private final List<Entry> told = new ArrayList<>();
    private final EntryTails tails = new EntryTails("a", new Random(1), told::add);
    private long nowMs = 1_000;

    @Test
    void no_host_is_asked_before_or_after_a_caller_reads() {
        tails.reached("b", 5);
        assertThat(tails.ask(nowMs)).isEmpty();
        open(5);
        assertThat(tails.ask(nowMs)).isEmpty();
        tails.reached("b", 7);
        assertThat(tails.ask(nowMs)).isEqualTo(Map.of("b", new Message.AskEntries("a", 6, 7)));
        tails.want(false, List.of());
        assertThat(tails.ask(nowMs + 60_000)).isEmpty();
    }

    @Test
    void entries_are_passed_on_once_in_order_and_requested_again_at_growing_intervals() {
        List<String> lines = write("b", 4);
        open(1);
        tails.reached("b", 4);
        assertThat(tails.ask(nowMs)).hasSize(1);
        assertThat(tails.ask(nowMs + 199)).isEmpty();
        assertThat(tails.ask(nowMs + 400)).hasSize(1);
        assertThat(tails.ask(nowMs + 799)).isEmpty();

        Optional<Message> more = tails.entries(new Message.Entries("b", 2, lines.subList(1, 3)), nowMs);
        assertThat(more).contains(new Message.AskEntries("a", 4, 4));
        // A repeated request gets a repeated answer.
        assertThat(tails.entries(new Message.Entries("b", 2, lines.subList(1, 3)), nowMs))
                .isEmpty();
        assertThat(tails.entries(new Message.Entries("b", 4, lines.subList(3, 4)), nowMs))
                .isEmpty();
        assertThat(told).extracting(Entry::line).isEqualTo(lines.subList(1, 4));
    }

    @Test
    void what_does_not_verify_or_is_anothers_is_refused() {
        List<String> lines = write("b", 3);
        List<String> others = write("c", 3);
        open(0);
        tails.reached("b", 3);
        String bent = lines.get(0).replace("\"number\":1", "\"number\":7");
        assertThat(bent).isNotEqualTo(lines.get(0));
        for (String wrong : List.of(bent, others.get(0), lines.get(1))) {
            assertThatThrownBy(() -> tails.entries(new Message.Entries("b", 1, List.of(wrong)), nowMs))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(told).isEmpty();
        tails.entries(new Message.Entries("b", 1, lines), nowMs);
        assertThat(told).hasSize(3);
    }

    @Test
    void an_entry_that_does_not_follow_the_one_before_is_said_once_and_then_shown() {
        List<String> lines = write("b", 1);
        List<String> anew = write(folder.resolve("anew"), "b", 2, 5);
        open(0);
        tails.reached("b", 2);
        tails.entries(new Message.Entries("b", 1, lines), nowMs);
        Message.Entries next = new Message.Entries("b", 2, anew.subList(1, 2));
        assertThatThrownBy(() -> tails.entries(next, nowMs)).hasMessageContaining("does not follow");
        tails.entries(next, nowMs);
        assertThat(told).extracting(Entry::line).containsExactly(lines.get(0), anew.get(1));
    }

    @Test
    void heights_that_a_ledger_does_not_hold_are_passed_over() {
        open(0);
        tails.reached("b", 2);
        assertThat(tails.entries(new Message.Entries("b", 1, List.of()), nowMs)).isEmpty();
        tails.reached("b", 3);
        assertThat(tails.ask(nowMs)).isEqualTo(Map.of("b", new Message.AskEntries("a", 3, 3)));
    }

    private void open(long height) {
        tails.want(true, List.of(new HostRow("b", true, Instant.EPOCH, height, "1", "")));
    }

    private List<String> write(String host, int count) {
        return write(folder.resolve(host), host, count, 1);
    }

    private static List<String> write(Path dir, String host, int count, long first) {
        try (FileLedger ledger = FileLedger.open(LedgerOptions.of(dir, host))) {
            List<String> lines = new ArrayList<>();
            for (long number = first; number < first + count; number++) {
                lines.add(ledger.append(new Draft("test", "100", Map.of("number", number)))
                        .join()
                        .line());
            }
            return lines;
        }
    }
}
