// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;

class StartAttemptsTest {
    private static final long MS = 1_000_000;
    private static final ContainerId A = new ContainerId("a");
    private static final ContainerId B = new ContainerId("b");

    private final StartAttempts attempts = new StartAttempts();

    @Test
    void nothing_is_due_without_a_trace() {
        assertThat(attempts.due()).isEqualTo(Long.MAX_VALUE);
        assertThat(attempts.take(Long.MAX_VALUE - 1)).isEmpty();
    }

    @Test
    void a_trace_is_followed_at_once_and_then_ever_more_rarely_until_it_is_forgotten() {
        attempts.begin(A, 0);
        int count = 0;
        long last = 0;
        while (attempts.due() != Long.MAX_VALUE) {
            last = attempts.due();
            assertThat(attempts.take(last)).containsExactly(A);
            count++;
        }
        assertThat(count).isEqualTo(12);
        assertThat(last).isBetween(2_000 * MS, 2_200 * MS);
    }

    @Test
    void a_storm_of_traces_of_one_container_costs_an_attempt_a_millisecond() {
        int count = 0;
        for (long now = 0; now < 100 * MS; now += MS / 100) {
            attempts.begin(A, now);
            count += attempts.take(now).size();
        }
        assertThat(count).isBetween(90, 101);
    }

    @Test
    void the_attempts_of_each_container_come_in_the_order_of_their_times() {
        attempts.begin(A, 6 * MS);
        attempts.begin(B, 3 * MS);
        assertThat(attempts.due()).isEqualTo(3 * MS);
        assertThat(attempts.take(4 * MS)).containsExactly(B);
        assertThat(attempts.take(8 * MS)).containsExactly(B, A);
        attempts.forget(A);
        assertThat(attempts.take(2_000 * MS)).containsOnly(B);
    }

    @Test
    void one_attempt_at_a_time_begins_no_series_and_delays_none() {
        attempts.at(A, 7);
        assertThat(attempts.take(7)).containsExactly(A);
        assertThat(attempts.due()).isEqualTo(Long.MAX_VALUE);

        attempts.begin(A, 0);
        attempts.at(A, 50 * MS);
        assertThat(attempts.due()).isEqualTo(0);
        attempts.take(0);
        attempts.at(A, 10);
        assertThat(attempts.due()).isEqualTo(10);
    }

    @Test
    void too_many_containers_are_refused_and_those_that_are_known_are_not() {
        for (int i = 0; i < StartAttempts.CONTAINERS_MAX; i++) {
            assertThat(attempts.begin(new ContainerId("c" + i), 0)).isTrue();
        }
        assertThat(attempts.begin(A, 0)).isFalse();
        assertThat(attempts.begin(new ContainerId("c0"), 0)).isTrue();
        assertThat(attempts.take(0)).hasSize(StartAttempts.CONTAINERS_MAX).doesNotContain(A);
    }
}
