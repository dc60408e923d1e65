// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class LookTimesTest {
    private static final long MS = 1_000_000;
    /** A clock that is about to pass its end. */
    private static final long ORIGIN = beforeTheClockOverflows();

    private final LookTimes times = new LookTimes(ORIGIN);

    private static long beforeTheClockOverflows() {
        return Long.MAX_VALUE - 50 * MS;
    }

    @Test
    void a_tap_that_no_machine_explains_is_looked_at_a_few_times_with_growing_pauses() {
        assertThat(times.leftAt(ORIGIN)).isEqualTo(LookTimes.NEVER);
        times.want(1, ORIGIN);
        long now = ORIGIN;
        int looks = 0;
        long before = 0;
        while (times.leftAt(now) != LookTimes.NEVER) {
            long left = times.leftAt(now);
            assertThat(left).isGreaterThanOrEqualTo(before);
            before = left;
            now += left;
            times.looked(now, now + MS, Set.of());
            now += MS;
            looks++;
        }
        assertThat(looks).isEqualTo(7);
        assertThat(now - ORIGIN).isBetween(14_000 * MS, 15_000 * MS);
    }

    @Test
    void an_explained_or_vanished_tap_needs_no_further_look() {
        times.want(1, ORIGIN);
        times.want(2, ORIGIN);
        times.looked(ORIGIN, ORIGIN + MS, Set.of(1));
        times.forget(2);
        assertThat(times.leftAt(ORIGIN + MS)).isEqualTo(LookTimes.NEVER);
    }

    @Test
    void looks_take_a_tenth_of_a_processor_at_most() {
        times.looked(ORIGIN, ORIGIN + 50 * MS, Set.of());
        times.want(1, ORIGIN + 60 * MS);
        assertThat(times.leftAt(ORIGIN + 60 * MS)).as("one that took long").isEqualTo(10 * MS);
        times.looked(ORIGIN + 70 * MS, ORIGIN + 120 * MS, Set.of(1));
        times.want(2, ORIGIN + 130 * MS);
        assertThat(times.leftAt(ORIGIN + 130 * MS)).isEqualTo((50 + 450 - 60) * MS);
    }
}
