// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LookScheduleTest {
    private static final long S = 1_000_000_000;

    private final LookSchedule schedule = new LookSchedule(10 * S, 60 * S);

    @Test
    void nothing_is_due_unless_a_look_is_wanted() {
        assertThat(schedule.isDue(Long.MAX_VALUE - 1)).isFalse();
        schedule.looked(0, false);
        assertThat(schedule.isDue(Long.MAX_VALUE - 1)).isFalse();
    }

    @Test
    void the_first_wanted_look_is_taken_at_once_and_the_next_one_after_a_rest() {
        schedule.want(7);
        assertThat(schedule.isDue(7)).isTrue();
        schedule.looked(7, true);
        schedule.want(8);
        assertThat(schedule.due()).isEqualTo(7 + 10 * S);
    }

    @Test
    void however_often_a_look_is_wanted_there_are_a_few_a_minute_and_one_a_minute_if_none_finds_anything() {
        assertThat(looksWithin(60 * S, true)).isEqualTo(6);
        assertThat(looksWithin(600 * S, false)).isEqualTo(10);
    }

    @Test
    void the_rest_is_longer_after_a_look_that_finds_nothing() {
        schedule.looked(0, false);
        schedule.want(1);
        assertThat(schedule.due()).isEqualTo(60 * S);
        schedule.looked(60 * S, true);
        schedule.want(61 * S);
        assertThat(schedule.due()).isEqualTo(70 * S);
    }

    @Test
    void a_listing_takes_the_place_of_the_wanted_look() {
        schedule.want(5);
        schedule.listed();
        assertThat(schedule.due()).isEqualTo(Long.MAX_VALUE);
    }

    private int looksWithin(long time, boolean found) {
        LookSchedule looks = new LookSchedule(10 * S, 60 * S);
        int taken = 0;
        for (long now = 0; now < time; now += S / 1_000) {
            looks.want(now);
            if (looks.isDue(now)) {
                looks.looked(now, found);
                taken++;
            }
        }
        return taken;
    }
}
