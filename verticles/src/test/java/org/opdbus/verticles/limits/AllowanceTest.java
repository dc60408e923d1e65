// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AllowanceTest {
    private static final Duration PERIOD = Duration.ofMinutes(10);

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - PERIOD.toNanos() / 2);
    private final Allowance allowance = new Allowance(2, PERIOD, clock::get);

    @Test
    void a_name_is_allowed_so_often_in_a_period_and_the_next_time_says_how_often_it_was_not() {
        assertThat(allowance.next("a")).hasValue(0);
        assertThat(allowance.next("a")).hasValue(0);
        assertThat(allowance.next("a")).isEmpty();
        assertThat(allowance.next("a")).isEmpty();
        assertThat(allowance.next("b")).hasValue(0);

        clock.addAndGet(PERIOD.toNanos() - 1);
        assertThat(allowance.next("a")).isEmpty();
        clock.incrementAndGet();
        assertThat(allowance.next("a")).hasValue(3);
        assertThat(allowance.next("a")).hasValue(0);
        assertThat(allowance.next("a")).isEmpty();
    }

    @Test
    void many_names_do_not_make_it_forget_one_that_comes_again_and_again() {
        for (int count = 0; count < 20_000; count++) {
            assertThat(allowance.next("other" + count)).hasValue(0);
            boolean allowed = allowance.next("a").isPresent();
            assertThat(allowed).isEqualTo(count < 2);
        }
        assertThat(allowance.next("other0")).as("dropped meanwhile").hasValue(0);
    }

    @Test
    void what_is_forgotten_is_allowed_again() {
        assertThat(allowance.next("a")).hasValue(0);
        assertThat(allowance.next("a")).hasValue(0);
        assertThat(allowance.next("a")).isEmpty();
        allowance.forget();
        assertThat(allowance.next("a")).hasValue(0);
    }
}
