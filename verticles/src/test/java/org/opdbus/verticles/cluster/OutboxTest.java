// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.opdbus.events.AgentEvent.AgentStopping;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.events.LedgerEvent.LedgerDegraded;

class OutboxTest {
    private final Outbox outbox = new Outbox("a", 5, 10, 100);
    private long height = 10;

    @Test
    void a_backlog_is_sent_in_order_and_once() {
        for (int i = 0; i < 80; i++) {
            happen();
        }
        List<Long> sent = new ArrayList<>();
        while (outbox.hasUnsent()) {
            outbox.unsent(30).forEach(copy -> sent.add(copy.sequence()));
        }
        assertThat(sent).hasSize(80).isSorted().doesNotHaveDuplicates().startsWith(1L);
        assertThat(outbox.unsent(30)).isEmpty();
    }

    @Test
    void of_what_overflowed_unsent_the_oldest_is_gone_and_its_heights_are_told() {
        for (int i = 0; i < 100; i++) {
            commit(happen());
        }
        // 200 facts: 1, 3, … were kept at 11, 12, …; of all these 100 are held.
        assertThat(outbox.unsent(1)).extracting(Copy::sequence).containsExactly(101L);
        Outbox.Answer answer = outbox.answer(new Message.AskCopies("b", 5, 21, 150, 0, 19), 1000);
        assertThat(answer.gone()).contains(gone(21, 100, List.of(range(21, 60)), List.of(range(20, 20))));
        assertThat(answer.copies()).hasSize(50);
    }

    @Test
    void nothing_is_called_gone_while_it_is_on_its_way_to_the_disk() {
        Event slow = happen();
        for (int i = 0; i < 150; i++) {
            outbox.append(new SourceListed(Source.NETLINK, i), Instant.EPOCH);
        }
        assertThat(outbox.answer(ask(1, 10), 10).gone()).isEmpty();
        commit(slow);
        assertThat(outbox.answer(ask(1, 10), 10).gone()).contains(gone(1, 10, List.of(range(11, 11)), List.of()));
    }

    @Test
    void a_fact_that_the_ledger_did_not_take_blocks_no_answer() {
        happen();
        List<Event> later = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            later.add(happen());
        }
        later.forEach(this::commit);
        assertThat(outbox.answer(ask(1, 10), 10).gone()).contains(gone(1, 10, List.of(range(11, 19)), List.of()));
    }

    @Test
    void facts_of_two_threads_may_be_kept_in_another_order() {
        Event first = happen();
        Event second = happen();
        commit(second);
        commit(first);
        for (int i = 0; i < 150; i++) {
            outbox.append(new SourceListed(Source.NETLINK, i), Instant.EPOCH);
        }
        assertThat(outbox.answer(ask(1, 1), 10).gone()).contains(gone(1, 1, List.of(range(12, 12)), List.of()));
        assertThat(outbox.answer(ask(2, 2), 10).gone()).contains(gone(2, 2, List.of(range(11, 11)), List.of()));
        assertThat(outbox.answer(ask(1, 2), 10).gone()).contains(gone(1, 2, List.of(range(11, 12)), List.of()));
    }

    @Test
    void facts_kept_at_unknown_heights_are_looked_for_in_the_whole_ledger() {
        Event lost = happen();
        outbox.append(new LedgerDegraded("no space"), Instant.EPOCH);
        commit(lost);
        for (int i = 0; i < 150; i++) {
            commit(happen());
        }
        assertThat(outbox.answer(ask(1, 2), 10).gone())
                .contains(new Message.Gone("a", 5, 1, 2, false, List.of(range(11, 11)), List.of()));
    }

    @Test
    void heights_are_found_after_many_were_forgotten() {
        Heights heights = new Heights(1024);
        for (long i = 1; i <= 5000; i++) {
            long sequence = i % 2 == 0 ? i - 1 : i + 1;
            long forgotten = heights.add(sequence, i + 7);
            assertThat(forgotten > 0).isEqualTo(i > 1024);
        }
        for (long i = 4000; i < 4900; i += 13) {
            long from = i;
            long partner = (from + 1) % 2 == 0 ? from : from + 1;
            assertThat(heights.of(from, from))
                    .singleElement()
                    .satisfies(range ->
                            assertThat(range.low()).isEqualTo(range.high()).isBetween(partner + 5, partner + 9));
            assertThat(heights.of(from, from + 50).stream()
                            .mapToLong(range -> range.high() - range.low() + 1)
                            .sum())
                    .isEqualTo(51);
        }
        assertThat(heights.of(1, 3000)).isEmpty();
    }

    @Test
    void an_epoch_is_later_than_the_one_before() {
        outbox.beginAfter(3);
        assertThat(outbox.epoch()).isEqualTo(5);
        outbox.beginAfter(5);
        assertThat(outbox.epoch()).isEqualTo(6);
    }

    private static Message.AskCopies ask(long from, long to) {
        return new Message.AskCopies("b", 5, from, to, 0, from);
    }

    private static Message.Gone gone(
            long from, long to, List<HeightRanges.Range> kept, List<HeightRanges.Range> before) {
        return new Message.Gone("a", 5, from, to, true, kept, before);
    }

    private static HeightRanges.Range range(long low, long high) {
        return new HeightRanges.Range(low, high);
    }

    private Event happen() {
        Event fact = new AgentStopping("a", "because");
        outbox.append(fact, Instant.EPOCH);
        return fact;
    }

    private void commit(Event fact) {
        outbox.append(new EntryCommitted(++height, "h", fact), Instant.EPOCH);
    }
}
