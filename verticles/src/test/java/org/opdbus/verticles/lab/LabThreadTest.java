// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.observers.TestObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.opdbus.verticles.lab.definition.LabRefusal;

@Timeout(60)
class LabThreadTest {
    private static final int LIMIT_S = 50;

    private final CountDownLatch firstRound = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final LabThread thread = new LabThread("net", this::round, closed::countDown);

    private Duration round() {
        firstRound.countDown();
        try {
            boolean unused = goOn.await(LIMIT_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Duration.ofHours(1);
    }

    @BeforeEach
    void begin() throws InterruptedException {
        thread.begin();
        assertThat(firstRound.await(LIMIT_S, TimeUnit.SECONDS)).isTrue();
    }

    @AfterEach
    void end() {
        goOn.countDown();
        thread.end();
        thread.awaitEnd();
    }

    @Test
    void sixty_four_requests_wait_and_are_done_in_turn_and_the_next_one_is_refused_in_words() {
        List<Integer> done = new CopyOnWriteArrayList<>();
        List<TestObserver<Boolean>> all = new ArrayList<>();
        IntStream.range(0, 64)
                .forEach(
                        number -> all.add(thread.request(() -> done.add(number)).test()));
        thread.request(() -> true)
                .test()
                .assertError(failure -> failure instanceof LabRefusal refusal
                        && "64 changes of the lab net wait already".equals(refusal.getMessage())
                        && !refusal.remedy().isEmpty());
        goOn.countDown();
        all.forEach(each -> each.awaitDone(LIMIT_S, TimeUnit.SECONDS).assertValue(true));
        assertThat(done).isSorted().hasSize(64);
        assertThat(thread.request(() -> "more").blockingGet()).isEqualTo("more");
    }

    @Test
    void what_waits_at_the_end_is_refused_in_words_and_so_is_what_comes_later() throws InterruptedException {
        TestObserver<Boolean> waiting = thread.request(() -> true).test();
        thread.end();
        goOn.countDown();
        waiting.awaitDone(LIMIT_S, TimeUnit.SECONDS).assertError(LabRefusal.class);
        assertThat(closed.await(LIMIT_S, TimeUnit.SECONDS)).isTrue();
        thread.awaitEnd();
        thread.request(() -> true).test().awaitDone(LIMIT_S, TimeUnit.SECONDS).assertError(LabRefusal.class);
    }

    @Test
    void a_failure_of_a_request_goes_to_its_caller_and_the_thread_goes_on() {
        goOn.countDown();
        thread.request(() -> {
                    throw new IllegalStateException("bad");
                })
                .test()
                .awaitDone(LIMIT_S, TimeUnit.SECONDS)
                .assertError(IllegalStateException.class);
        assertThat(thread.request(() -> true).blockingGet()).isTrue();
    }
}
