// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.processors.BehaviorProcessor;
import io.reactivex.rxjava3.processors.FlowableProcessor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.opdbus.verticles.lab.plan.LabStatus;

/** How each lab was at the last look. Safe for use by any thread. */
final class LabStatuses {
    private final Map<String, LabStatus> known = new ConcurrentSkipListMap<>();
    /** Says that a status has changed. A receiver copies the map afterwards: a copy made before could be told after a newer one. */
    private final FlowableProcessor<Boolean> changed =
            BehaviorProcessor.createDefault(true).toSerialized();

    void show(LabStatus status) {
        known.put(status.definition().name(), status);
        changed.onNext(true);
    }

    void remove(String lab) {
        known.remove(lab);
        changed.onNext(true);
    }

    Optional<LabStatus> of(String lab) {
        return Optional.ofNullable(known.get(lab));
    }

    /** Returns how all labs are, and again after each change. */
    Flowable<List<LabStatus>> all() {
        return changed.onBackpressureLatest().map(any -> List.copyOf(known.values()));
    }
}
