// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.entries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;
import org.opdbus.verticles.cluster.wire.Message.AskEntries;
import org.opdbus.verticles.cluster.wire.Message.Entries;
import org.opdbus.verticles.cluster.wire.Message.LedgerHead;
import org.opdbus.verticles.cluster.wire.PeerEvent;

class EntryPullerTest {
    @TempDir
    Path folder;

    private final List<PeerEvent> told = new ArrayList<>();
    private final EntryPuller puller = restored(Map.of());
    private long nowMs = 1_000;

    private EntryPuller restored(Map<String, EntryPuller.Position> positions) {
        EntryPuller made = new EntryPuller("a", told::add, new Random(1));
        made.restore(positions);
        return made;
    }

    @Test
    void a_new_host_begins_with_its_latest_entries_and_a_known_one_after_the_last() {
        assertThat(reached("b", 5)).contains(new AskEntries("a", 1, 5));
        assertThat(reached("c", 5_000)).contains(new AskEntries("a", 5_001 - EntryPuller.FIRST_MAX, 5_000));
        EntryPuller next = restored(Map.of("b", new EntryPuller.Position(1, 7, "abc", 7)));
        assertThat(next.head(head("b", 7, 0), nowMs)).isEmpty();
        assertThat(next.isCaughtUp("b")).isTrue();
        assertThat(next.head(head("b", 9, 0), nowMs)).contains(new AskEntries("a", 8, 9));
    }

    @Test
    void entries_are_passed_on_once_in_order_and_requested_again_at_growing_intervals() {
        List<String> lines = write("b", 4);
        assertThat(reached("b", 4)).isPresent();
        assertThat(puller.ask(nowMs + 199)).isEmpty();
        assertThat(puller.ask(nowMs + 400)).hasSize(1);
        assertThat(puller.ask(nowMs + 799)).isEmpty();

        Optional<AskEntries> more = puller.entries(new Entries("b", 1, lines.subList(0, 3)), nowMs);
        assertThat(more).contains(new AskEntries("a", 4, 4));
        // A repeated request gets a repeated answer.
        assertThat(puller.entries(new Entries("b", 1, lines.subList(0, 3)), nowMs))
                .isEmpty();
        assertThat(puller.isCaughtUp("b")).isFalse();
        assertThat(puller.position("b").height()).isEqualTo(3);
        assertThat(puller.position("c").height()).isZero();
        assertThat(puller.entries(new Entries("b", 4, lines.subList(3, 4)), nowMs))
                .isEmpty();
        assertThat(puller.isCaughtUp("b")).isTrue();
        assertThat(lines()).isEqualTo(lines);
    }

    @Test
    void a_host_that_does_not_answer_is_asked_less_and_less_often_and_the_others_as_usual() {
        List<String> lines = write("c", 3);
        int asked = 0;
        assertThat(reached("b", 3)).isPresent();
        for (int second = 0; second < 600; second++) {
            nowMs += 1_000;
            asked += puller.ask(nowMs).containsKey("b") ? 1 : 0;
            assertThat(puller.entries(new Entries("b", 1, List.of()), nowMs)).isEmpty();
        }
        assertThat(asked).isBetween(20, 60);
        assertThat(reached("c", 3)).isPresent();
        puller.entries(new Entries("c", 1, lines), nowMs);
        assertThat(lines()).isEqualTo(lines);
    }

    @Test
    void what_does_not_verify_or_is_anothers_is_refused() {
        List<String> lines = write("b", 3);
        List<String> others = write("c", 3);
        assertThat(reached("b", 3)).isPresent();
        String bent = lines.get(0).replace("\"number\":1", "\"number\":7");
        assertThat(bent).isNotEqualTo(lines.get(0));
        for (String wrong : List.of(bent, others.get(0))) {
            assertThatThrownBy(() -> puller.entries(new Entries("b", 1, List.of(wrong)), nowMs))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        List<String> hole = List.of(lines.get(0), lines.get(2));
        assertThatThrownBy(() -> puller.entries(new Entries("b", 1, hole), nowMs))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(lines()).as("what came before the hole").isEqualTo(lines.subList(0, 1));
        puller.entries(new Entries("b", 2, lines.subList(1, 3)), nowMs);
        assertThat(lines()).isEqualTo(lines);
    }

    @Test
    void an_entry_that_does_not_follow_the_one_before_is_said_once_and_then_shown() {
        List<String> lines = write("b", 1);
        List<String> anew = write(folder.resolve("anew"), "b", 2, 5);
        assertThat(puller.head(head("b", 2, 1), nowMs)).isPresent();
        puller.entries(new Entries("b", 1, lines), nowMs);
        Entries next = new Entries("b", 2, anew.subList(1, 2));
        assertThatThrownBy(() -> puller.entries(next, nowMs)).hasMessageContaining("does not follow");
        puller.entries(next, nowMs);
        assertThat(lines()).containsExactly(lines.get(0), anew.get(1));
    }

    @Test
    void a_ledger_that_became_shorter_is_shown_from_its_present_run_on() {
        List<String> lines = write("b", 8);
        assertThat(reached("b", 8)).isPresent();
        puller.entries(new Entries("b", 1, lines), nowMs);
        nowMs += 60_000;
        assertThat(puller.head(new LedgerHead("b", 2, 1, 5, 6, "1", "", "", 0, 0), nowMs))
                .contains(new AskEntries("a", 6, 6));
    }

    @Test
    void an_old_head_that_is_repeated_makes_nothing_begin_again() {
        EntryPuller next = restored(Map.of("b", new EntryPuller.Position(3, 7, "abc", 7)));
        assertThat(next.head(new LedgerHead("b", 2, 9, 1, 4, "1", "", "", 0, 0), nowMs))
                .isEmpty();
        assertThat(next.head(new LedgerHead("b", 3, 1, 1, 4, "1", "", "", 0, 0), nowMs))
                .isEmpty();
        assertThat(next.head(new LedgerHead("b", 3, 9, 1, 8, "1", "", "", 0, 0), nowMs))
                .contains(new AskEntries("a", 8, 8));
    }

    @Test
    void entries_that_a_ledger_no_longer_holds_are_said_and_passed_over() {
        List<String> lines = write("b", 4);
        assertThat(reached("b", 4)).isPresent();
        puller.entries(new Entries("b", 1, lines.subList(2, 4)), nowMs);
        assertThat(told).first().isEqualTo(new PeerEvent.Missed("b", 1, 2));
        assertThat(lines()).isEqualTo(lines.subList(2, 4));
    }

    @Test
    void entries_of_a_new_run_that_overtake_its_head_are_passed_on_once() {
        List<String> lines = write("b", 5);
        assertThat(reached("b", 3)).isPresent();
        puller.entries(new Entries("b", 1, lines.subList(0, 3)), nowMs);
        // The next run begins at 3 and writes two; both are heard before the head that was sent after the first.
        puller.entries(new Entries("b", 4, lines.subList(3, 5)), nowMs);
        assertThat(puller.head(new LedgerHead("b", 2, 1, 3, 4, "1", "", "", 0, 0), nowMs))
                .isEmpty();
        assertThat(puller.head(new LedgerHead("b", 2, 2, 3, 5, "1", "", "", 0, 0), nowMs + 1_000))
                .isEmpty();
        assertThat(lines()).isEqualTo(lines);
    }

    @Test
    void a_receiver_that_restarts_between_the_entries_of_a_new_run_and_its_head_passes_none_on_twice() {
        List<String> lines = write("b", 5);
        assertThat(reached("b", 3)).isPresent();
        puller.entries(new Entries("b", 1, lines.subList(0, 3)), nowMs);
        // The next run begins at 3 and writes two.
        puller.entries(new Entries("b", 4, lines.subList(3, 5)), nowMs);
        EntryPuller next = restored(puller.positions());
        // The store still has the head of the earlier run.
        assertThat(next.head(head("b", 3, 0), nowMs)).isEmpty();
        assertThat(next.head(new LedgerHead("b", 2, 1, 3, 4, "1", "", "", 0, 0), nowMs))
                .isEmpty();
        assertThat(next.head(new LedgerHead("b", 2, 2, 3, 5, "1", "", "", 0, 0), nowMs + 1_000))
                .isEmpty();
        assertThat(lines()).isEqualTo(lines);
    }

    private Optional<AskEntries> reached(String host, long height) {
        return puller.head(head(host, height, 0), nowMs);
    }

    private static LedgerHead head(String host, long height, long base) {
        return new LedgerHead(host, 1, 1, base, height, "1", "", "", 0, 0);
    }

    private List<String> lines() {
        return told.stream()
                .filter(PeerEvent.Recorded.class::isInstance)
                .map(each -> ((PeerEvent.Recorded) each).entry().line())
                .toList();
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
