// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;

class RetriesTest {
    private static final long MS = 1_000_000;
    private static final ContainerId A = new ContainerId("a");

    private final Retries retries = new Retries();

    @Test
    void the_first_retry_comes_at_once_and_the_pauses_grow_to_a_limit() {
        assertThat(retries.failed(A, 0)).isZero();
        assertThat(retries.failed(A, 0)).isEqualTo(MS);
        assertThat(retries.failed(A, 0)).isBetween(2 * MS, 3 * MS);
        for (int i = 0; i < 20; i++) {
            retries.failed(A, 0);
        }
        long longest = retries.failed(A, 0);
        assertThat(longest).isBetween(512 * MS, 1025 * MS);
        assertThat(retries.notBefore(A, 0)).hasValue(longest);
        assertThat(retries.notBefore(A, longest)).isEmpty();
    }

    @Test
    void a_monitor_that_has_answered_begins_anew() {
        retries.failed(A, 0);
        assertThat(retries.waits(A)).isTrue();
        retries.settled(A);
        assertThat(retries.waits(A)).isFalse();
        assertThat(retries.failed(A, 7)).isEqualTo(7);
    }
}
