// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.schedulers.TestScheduler;
import io.reactivex.rxjava3.subjects.SingleSubject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;

class MeshQuestionTest {
    private static final long SETTLE_MS = 20;

    private final TestScheduler time = new TestScheduler();
    private final List<SingleSubject<Map<ContainerId, MeshMembership>>> asked = new ArrayList<>();
    private final List<Map<ContainerId, MeshMembership>> answers = new ArrayList<>();
    private final MeshQuestion question = new MeshQuestion(this::ask, answers::add, time);

    private Single<Map<ContainerId, MeshMembership>> ask() {
        SingleSubject<Map<ContainerId, MeshMembership>> answer = SingleSubject.create();
        asked.add(answer);
        return answer;
    }

    private void pass(long milliseconds) {
        time.advanceTimeBy(milliseconds, TimeUnit.MILLISECONDS);
    }

    private void answer() {
        asked.get(asked.size() - 1).onSuccess(Map.of());
        time.triggerActions();
    }

    @Test
    void a_burst_of_wishes_is_one_question() {
        for (int i = 0; i < 1_000; i++) {
            question.want();
        }
        pass(SETTLE_MS);
        assertThat(asked).hasSize(1);
        answer();
        pass(1_000);
        assertThat(asked).hasSize(1);
        assertThat(answers).hasSize(1);
    }

    @Test
    void wishes_during_a_question_are_one_more() {
        question.want();
        pass(SETTLE_MS);
        for (int i = 0; i < 1_000; i++) {
            question.want();
        }
        pass(1_000);
        assertThat(asked).hasSize(1);
        answer();
        pass(SETTLE_MS);
        assertThat(asked).hasSize(2);
        answer();
        pass(1_000);
        assertThat(asked).hasSize(2);
    }

    @Test
    void a_question_that_fails_is_asked_again_ever_more_slowly() {
        question.want();
        pass(SETTLE_MS);
        asked.get(0).onError(new IllegalStateException("not yet"));
        pass(201);
        assertThat(asked).hasSize(2);
        asked.get(1).onError(new IllegalStateException("not yet"));
        pass(200);
        assertThat(asked).hasSize(2);
        pass(201);
        assertThat(asked).hasSize(3);
        answer();
        assertThat(answers).hasSize(1);
    }

    @Test
    void a_question_that_is_not_answered_is_given_up_and_asked_again() {
        question.want();
        pass(SETTLE_MS);
        pass(10_000);
        pass(201);
        assertThat(asked).hasSize(2);
        answer();
        assertThat(answers).hasSize(1);
    }

    @Test
    void meshes_are_asked_for_every_minute_and_not_after_the_end() {
        question.start();
        pass(SETTLE_MS);
        answer();
        pass(60_000 + SETTLE_MS);
        assertThat(asked).hasSize(2);
        answer();
        question.stop();
        pass(600_000);
        assertThat(asked).hasSize(2);
    }
}
