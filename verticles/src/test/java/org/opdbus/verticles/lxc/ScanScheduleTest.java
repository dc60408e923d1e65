// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScanScheduleTest {
    private static final long MS = 1_000_000;

    private final ScanSchedule schedule = new ScanSchedule();

    @Test
    void nothing_is_due_without_a_hint() {
        assertThat(schedule.isDue(Long.MAX_VALUE - 1)).isFalse();
    }

    @Test
    void a_hint_is_followed_at_once_and_then_ever_more_rarely_until_it_is_forgotten() {
        schedule.hint(0);
        int looks = 0;
        long last = 0;
        while (schedule.due() != Long.MAX_VALUE) {
            last = schedule.due();
            schedule.looked(last);
            looks++;
        }
        assertThat(looks).isEqualTo(12);
        assertThat(last).isBetween(2_000 * MS, 2_200 * MS);
    }

    @Test
    void a_storm_of_hints_costs_a_hundred_looks_a_second() {
        int looks = 0;
        for (long now = 0; now < 1_000 * MS; now += MS / 10) {
            schedule.hint(now);
            if (schedule.isDue(now)) {
                schedule.looked(now);
                looks++;
            }
        }
        assertThat(looks).isBetween(90, 101);
    }
}
