// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
    private final AtomicReference<Instant> wall = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final ClockWatch watch = new ClockWatch(wall::get, nanos::get);

    @Test
    void a_clock_that_goes_as_time_does_has_not_jumped() {
        for (int i = 0; i < 10; i++) {
            passes(Duration.ofSeconds(60), Duration.ofSeconds(60).plusMillis(30));
            assertThat(watch.jump()).isEmpty();
        }
    }

    @Test
    void a_jump_in_either_direction_is_logged_once_with_its_size() {
        passes(Duration.ofSeconds(60), Duration.ofHours(6).plusSeconds(60));
        assertThat(watch.jump()).contains(Duration.ofHours(6));
        assertThat(watch.jump()).isEmpty();
        passes(Duration.ofSeconds(60), Duration.ofHours(-12).plusMillis(60_200));
        assertThat(watch.jump()).contains(Duration.ofHours(-12));
        passes(Duration.ofSeconds(60), Duration.ofSeconds(60));
        assertThat(watch.jump()).isEmpty();
    }

    private void passes(Duration really, Duration byTheClock) {
        nanos.addAndGet(really.toNanos());
        wall.updateAndGet(before -> before.plus(byTheClock));
    }
}
