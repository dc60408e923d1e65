// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.limits;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    private final Backoff backoff = new Backoff(50, 30_000);

    @ParameterizedTest
    @CsvSource({"0,50", "1,50", "2,100", "3,200", "10,25600", "11,30000", "12,30000", "1000000,30000"})
    void the_delay_doubles_up_to_the_last_and_is_spread_over_its_upper_half(int failures, long full) {
        for (int i = 0; i < 200; i++) {
            long delay = backoff.delayMs(failures);
            assertTrue(delay > full / 2 && delay <= full + 1, failures + " failures: " + delay);
        }
    }

    @Test
    void a_delay_is_never_negative_however_long_the_last_is() {
        assertTrue(new Backoff(1, Long.MAX_VALUE / 4).delayMs(Integer.MAX_VALUE) > 0);
    }

    @Test
    void a_backoff_that_shrinks_is_refused() {
        assertThrows(IllegalArgumentException.class, () -> new Backoff(0, 5));
        assertThrows(IllegalArgumentException.class, () -> new Backoff(10, 5));
    }
}
