// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.observers.TestObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.opdbus.verticles.lab.definition.LabRefusal;

@Timeout(60)
class LabTurnsTest {
    private final LabTurns turns = new LabTurns();
    private final CountDownLatch slow = new CountDownLatch(1);

    @AfterEach
    void close() {
        slow.countDown();
        turns.close();
    }

    private boolean waitSlowly() throws InterruptedException {
        return slow.await(50, TimeUnit.SECONDS);
    }

    @Test
    void a_slow_stop_of_one_lab_keeps_no_other_lab_waiting() {
        TestObserver<Boolean> stop = turns.of("one", this::waitSlowly).test();
        assertThat(turns.of("two", () -> "started").blockingGet()).isEqualTo("started");
        stop.assertNotComplete();
    }

    @Test
    void what_is_asked_of_one_lab_is_done_in_turn() {
        List<Integer> done = new CopyOnWriteArrayList<>();
        List<TestObserver<Boolean>> all = new ArrayList<>();
        all.add(turns.of("one", this::waitSlowly).test());
        for (int number = 0; number < 20; number++) {
            int own = number;
            all.add(turns.of("one", () -> done.add(own)).test());
        }
        assertThat(done).isEmpty();
        slow.countDown();
        all.forEach(each -> each.awaitDone(50, TimeUnit.SECONDS).assertComplete());
        assertThat(done).isSorted().hasSize(20);
    }

    @Test
    void the_sixty_fifth_that_waits_is_refused_in_words_and_the_rest_is_done() {
        List<TestObserver<Boolean>> all = new ArrayList<>();
        for (int number = 0; number < 64; number++) {
            all.add(turns.of("lab" + number, this::waitSlowly).test());
        }
        turns.of("one", () -> true)
                .test()
                .assertError(failure -> failure instanceof LabRefusal refusal
                        && "64 starts and stops of labs wait already".equals(refusal.getMessage())
                        && !refusal.remedy().isEmpty());
        slow.countDown();
        all.forEach(each -> each.awaitDone(50, TimeUnit.SECONDS).assertValue(true));
        assertThat(turns.of("one", () -> true).blockingGet()).isTrue();
    }

    @Test
    void after_the_end_nothing_is_taken() {
        turns.close();
        turns.of("one", () -> true).test().assertError(LabRefusal.class);
    }
}
