// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SharedAnswerTest {
    @Test
    void all_who_ask_within_the_time_share_one_answer() {
        AtomicInteger made = new AtomicInteger();
        AtomicLong now = new AtomicLong(7);
        SharedAnswer<Integer> answer =
                new SharedAnswer<>(() -> Single.just(made.incrementAndGet()), Duration.ofSeconds(1), now::get);
        assertThat(answer.get().blockingGet()).isEqualTo(1);
        now.addAndGet(999_999_999);
        assertThat(answer.get().blockingGet()).isEqualTo(1);
        now.addAndGet(1);
        assertThat(answer.get().blockingGet()).isEqualTo(2);
    }

    @Test
    void a_failure_is_shared_too_and_then_tried_again() {
        AtomicInteger asked = new AtomicInteger();
        AtomicLong now = new AtomicLong();
        SharedAnswer<Integer> answer = new SharedAnswer<>(
                () -> {
                    if (asked.incrementAndGet() == 1) {
                        throw new IllegalStateException("not now");
                    }
                    return Single.just(2);
                },
                Duration.ofSeconds(1),
                now::get);
        answer.get().test().assertFailure(IllegalStateException.class);
        answer.get().test().assertFailure(IllegalStateException.class);
        now.addAndGet(1_000_000_000);
        answer.get().test().assertValue(2);
    }
}
