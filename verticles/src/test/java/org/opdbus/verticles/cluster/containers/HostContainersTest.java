// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HostContainersTest {
    private static final long EPOCH = 7;

    private final HostContainers sender = new HostContainers("b", EPOCH);
    private final HostContainers receiver = new HostContainers("a", 1);
    private long nowMs = 10_000;

    @Test
    void a_table_is_asked_for_when_it_is_another_one_and_not_again() {
        sender.own(rows(3));
        assertThat(fetch()).isEqualTo(1);
        assertThat(receiver.of("b").rows()).isEqualTo(rows(3));

        assertThat(sender.own(rows(3))).isFalse();
        assertThat(fetch()).isZero();
        assertThat(sender.own(rows(2))).isTrue();
        assertThat(fetch()).isEqualTo(1);
        assertThat(receiver.of("b").rows()).isEqualTo(rows(2));
    }

    @Test
    void a_host_is_asked_at_most_once_a_second_whatever_it_offers() {
        sender.own(rows(1));
        offer();
        assertThat(receiver.ask(nowMs)).containsOnlyKeys("b");
        sender.own(rows(2));
        offer();
        assertThat(receiver.ask(nowMs + HostContainers.ASK_EVERY_MS - 1)).isEmpty();
        assertThat(receiver.ask(nowMs + HostContainers.ASK_EVERY_MS)).containsOnlyKeys("b");
    }

    @Test
    void a_large_table_comes_in_pages_and_one_that_changes_meanwhile_is_begun_again() {
        List<String> large =
                IntStream.range(0, 500).mapToObj(i -> row("c" + i, 1_000)).toList();
        assertThat(large.stream().mapToInt(String::length).sum()).isLessThan(HostContainers.CHARACTERS_MAX + 1);
        sender.own(large);
        offer();
        Message.AskRows ask =
                (Message.AskRows) receiver.ask(nowMs).values().iterator().next();
        Optional<Message> more = receiver.rows(sender.answer(ask));
        assertThat(more).isPresent();
        assertThat(receiver.of("b").rows()).isEmpty();

        sender.own(large.subList(1, 500));
        assertThat(receiver.rows(sender.answer((Message.AskRows) more.get()))).isEmpty();
        assertThat(receiver.of("b").rows()).isEmpty();
        offer();
        nowMs += HostContainers.ASK_EVERY_MS;
        assertThat(fetch()).isGreaterThan(1);
        assertThat(receiver.of("b").rows()).isEqualTo(large.subList(1, 500));
    }

    @Test
    void unrequested_or_repeated_pages_change_nothing() {
        sender.own(rows(2));
        Message.Rows page = sender.answer(new Message.AskRows("a", 0));
        assertThat(receiver.rows(page)).isEmpty();
        assertThat(receiver.of("b").rows()).isEmpty();
        fetch();
        Message.Rows older = new Message.Rows("b", EPOCH, 1, 0, 1, 0, rows(1));
        assertThat(receiver.rows(older)).isEmpty();
        assertThat(receiver.of("b").rows()).isEqualTo(rows(2));
    }

    @Test
    void what_is_beyond_the_bounds_is_left_out_and_counted() {
        sender.own(rows(HostContainers.ROWS_MAX + 5));
        fetch();
        assertThat(receiver.of("b").rows()).hasSize(HostContainers.ROWS_MAX);
        assertThat(receiver.of("b").leftOut()).isEqualTo(5);

        // Eight hosts fill the room for all; the ninth is only counted.
        for (int host = 0; host < 9; host++) {
            HostContainers other = new HostContainers("h" + host, EPOCH);
            other.own(IntStream.range(0, 520).mapToObj(i -> row("c" + i, 1_000)).toList());
            fetch(other);
        }
        assertThat(receiver.tables().values().stream()
                        .mapToLong(HostContainers.Table::characters)
                        .sum())
                .isLessThanOrEqualTo(HostContainers.ALL_CHARACTERS_MAX);
        assertThat(receiver.of("h8").rows()).isEmpty();
        assertThat(receiver.of("h8").leftOut()).isEqualTo(520);
    }

    @Test
    void what_is_no_container_is_refused_and_the_last_table_stays() {
        sender.own(rows(2));
        fetch();
        sender.own(List.of("[]"));
        offer();
        nowMs += HostContainers.ASK_EVERY_MS;
        Message.AskRows ask =
                (Message.AskRows) receiver.ask(nowMs).values().iterator().next();
        Message.Rows page = sender.answer(ask);
        assertThatThrownBy(() -> receiver.rows(page)).isInstanceOf(IllegalArgumentException.class);
        assertThat(receiver.of("b").rows()).isEqualTo(rows(2));
    }

    private static List<String> rows(int count) {
        return IntStream.range(0, count).mapToObj(i -> row("c" + i, 0)).toList();
    }

    private static String row(String id, int padding) {
        return "{\"id\":\"" + id + "\",\"x\":\"" + "x".repeat(padding) + "\"}";
    }

    private void offer() {
        offer(sender);
    }

    private void offer(HostContainers from) {
        String host = from.answer(new Message.AskRows("a", 0)).host();
        receiver.offered(new Message.Heartbeat(host, EPOCH, 1, 0, 1, 0, 0, 0, "1", "", "").withTable(from.version()));
    }

    private int fetch() {
        return fetch(sender);
    }

    /** A heartbeat and the requests that follow; returns how often the receiver asked. */
    private int fetch(HostContainers from) {
        offer(from);
        nowMs += HostContainers.ASK_EVERY_MS;
        Optional<Message> ask = receiver.ask(nowMs).values().stream().findFirst();
        int asked = 0;
        while (ask.isPresent()) {
            asked++;
            ask = receiver.rows(from.answer((Message.AskRows) ask.get()));
        }
        return asked;
    }
}
