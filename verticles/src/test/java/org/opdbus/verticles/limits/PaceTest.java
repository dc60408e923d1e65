// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Pace pace = new Pace(10, 5, 0);

    @Test
    void some_are_served_at_once_and_the_next_ones_wait_each_for_its_time() {
        for (int i = 0; i < 5; i++) {
            assertThat(pace.take(0)).isZero();
        }
        assertThat(pace.take(0)).isEqualTo(SECOND / 10);
        assertThat(pace.take(0)).isEqualTo(SECOND / 5);
        assertThat(pace.take(SECOND / 5)).isEqualTo(SECOND / 10);
    }

    @Test
    void a_quiet_time_is_made_up_for_and_a_longer_one_no_more() {
        for (int i = 0; i < 5; i++) {
            assertThat(pace.take(0)).isZero();
        }
        long later = 100 * SECOND;
        for (int i = 0; i < 5; i++) {
            assertThat(pace.take(later)).isZero();
        }
        assertThat(pace.take(later)).isPositive();
    }
}
