// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.cluster.wire.Message;
import org.opdbus.verticles.cluster.wire.Wire;

class HostContainersTest {
    private static final long RUN = 7;

    private final HostContainers sender = of("b", RUN);
    private final HostContainers receiver = of("a", 1);
    private long nowMs = 10_000;

    private static HostContainers of(String host, long run) {
        HostContainers containers = new HostContainers(host);
        containers.begin(run, HostContainers.Saved.NONE);
        return containers;
    }

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
    void the_largest_table_fits_into_one_message() {
        sender.own(IntStream.range(0, 900)
                .mapToObj(i -> row("\u0001\u0001\u0001\"c" + i, 600))
                .toList());
        assertThat(sender.answer().leftOut()).isPositive();
        assertThat(Wire.write(sender.answer(), "pve2").length()).isBetween(Wire.BYTES_MAX / 3, Wire.BYTES_MAX * 3 / 5);
    }

    @Test
    void unrequested_or_repeated_answers_change_nothing() {
        sender.own(rows(2));
        Message.Rows page = sender.answer();
        receiver.rows(page);
        assertThat(receiver.of("b").rows()).isEmpty();
        fetch();
        Message.Rows older = new Message.Rows("b", RUN, 1, 0, rows(1));
        receiver.rows(older);
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
            HostContainers other = of("h" + host, RUN);
            other.own(IntStream.range(0, 520).mapToObj(i -> row("c" + i, 1_000)).toList());
            fetch(other);
        }
        assertThat(IntStream.range(0, 9)
                        .mapToObj(host -> receiver.of("h" + host))
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
        assertThat(receiver.ask(nowMs)).containsOnlyKeys("b");
        Message.Rows page = sender.answer();
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
        String host = from.answer().host();
        receiver.offered(new Message.LedgerHead(host, RUN, 1, 0, 0, "1", "", "", from.version(), 0));
    }

    private int fetch() {
        return fetch(sender);
    }

    /** A head and the requests that follow; returns how often the receiver asked. */
    private int fetch(HostContainers from) {
        offer(from);
        nowMs += HostContainers.ASK_EVERY_MS;
        int asked = receiver.ask(nowMs).size();
        if (asked > 0) {
            receiver.rows(from.answer());
        }
        return asked;
    }
}
