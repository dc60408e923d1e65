// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.schedulers.TestScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.inventory.ContainerNews;

/** A single change is reported at once, and many changes together. */
class StatusReportsTest {
    private static final ContainerId FIRST = new ContainerId("100");
    private static final ContainerId SECOND = new ContainerId("101");

    private final TestScheduler time = new TestScheduler();
    private final List<List<ContainerNews>> told = new ArrayList<>();
    private final List<ContainerId> checkedByQuestion = new ArrayList<>();
    private final StatusReports reports = new StatusReports(this::news, told::add, time);

    private ContainerNews news(ContainerId id) {
        if (checkedByQuestion.remove(id)) {
            reports.looked(id);
        }
        return new ContainerNews(id, Optional.empty());
    }

    private List<List<ContainerId>> ids() {
        return told.stream()
                .map(report -> report.stream().map(ContainerNews::id).toList())
                .toList();
    }

    @Test
    void the_first_change_is_reported_in_this_turn_and_those_that_follow_quickly_together() {
        time.advanceTimeBy(1, TimeUnit.SECONDS);
        reports.looked(FIRST);
        time.triggerActions();
        assertThat(ids()).containsExactly(List.of(FIRST));

        for (int change = 0; change < 100; change++) {
            reports.looked(FIRST);
            reports.looked(SECOND);
            time.triggerActions();
        }
        assertThat(told).hasSize(1);
        time.advanceTimeBy(StatusReports.PAUSE_MS, TimeUnit.MILLISECONDS);
        assertThat(ids()).containsExactly(List.of(FIRST), List.of(FIRST, SECOND));

        time.advanceTimeBy(StatusReports.PAUSE_MS, TimeUnit.MILLISECONDS);
        reports.looked(SECOND);
        time.triggerActions();
        assertThat(told).hasSize(3);
    }

    @Test
    void a_question_has_what_was_noted_reported_at_once() {
        reports.looked(FIRST);
        reports.tell();
        reports.looked(SECOND);
        reports.tell();
        assertThat(ids()).containsExactly(List.of(FIRST), List.of(SECOND));
        time.advanceTimeBy(1, TimeUnit.SECONDS);
        assertThat(told).hasSize(2);
    }

    @Test
    void a_container_that_is_checked_while_its_status_is_told_is_told_again() {
        checkedByQuestion.add(FIRST);
        reports.looked(FIRST);
        reports.looked(SECOND);
        time.advanceTimeBy(1, TimeUnit.SECONDS);
        assertThat(ids()).containsExactly(List.of(FIRST, SECOND), List.of(FIRST));
    }

    @Test
    void a_clock_that_was_set_back_delays_no_report() {
        time.advanceTimeTo(1, TimeUnit.HOURS);
        reports.looked(FIRST);
        time.triggerActions();
        time.advanceTimeTo(1, TimeUnit.SECONDS);
        reports.looked(SECOND);
        time.advanceTimeBy(StatusReports.PAUSE_MS, TimeUnit.MILLISECONDS);
        assertThat(told).hasSize(2);
    }
}
