// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.disposables.Disposable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.lab.definition.LabDefinition;
import org.opdbus.verticles.lab.plan.LabPicture;
import org.opdbus.verticles.lab.plan.LabStatus;

class LabStatusesTest {
    private static final LabPicture NOTHING = new LabPicture(false, Map.of(), Map.of(), Map.of());
    private static final int LABS = 4;
    private static final int ROUNDS = 2_000;

    private static LabStatus status(String lab, int number) {
        return new LabStatus(new LabDefinition(lab, new TreeMap<>(Map.of()), number), true, true, NOTHING, Map.of());
    }

    @Test
    void what_is_told_last_is_the_newest_of_every_lab() throws InterruptedException {
        LabStatuses statuses = new LabStatuses();
        AtomicReference<List<LabStatus>> told = new AtomicReference<>(List.of());
        Disposable listening = statuses.all().subscribe(told::set);
        List<Thread> threads = new ArrayList<>();
        for (int lab = 0; lab < LABS; lab++) {
            String name = "lab" + lab;
            threads.add(new Thread(() -> {
                for (int round = 1; round <= ROUNDS; round++) {
                    statuses.show(status(name, round));
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(told.get())
                .hasSize(LABS)
                .allMatch(status -> status.definition().lastId() == ROUNDS);

        statuses.remove("lab0");
        assertThat(told.get()).hasSize(LABS - 1);
        listening.dispose();
    }
}
