// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import static org.opdbus.verticles.inventory.ContainerPhase.DRIFTED;

import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.reconcile.Action.RecordDrift;
import org.opdbus.verticles.reconcile.Outcome.Act;
import org.opdbus.verticles.reconcile.Outcome.Rest;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.Enrollments;

/** What is to be done about what another hand did to something that was enrolled. */
final class DriftPlanner {
    static final String RENAMED = "renamed";
    static final String REMOVED = "removed";
    static final String MOVED = "moved";
    static final String RETAGGED = "retagged";
    static final String UNMARKED = "unmarked";

    private final Enrollments enrollments;
    private final boolean repairDrift;

    DriftPlanner(Enrollments enrollments, boolean repairDrift) {
        this.enrollments = enrollments;
        this.repairDrift = repairDrift;
    }

    /** What to do first about a drift: tell it once, and stop there if it is only to be told. */
    Optional<Outcome> of(
            LinkSubject subject,
            Enrollment enrollment,
            String what,
            Map<String, String> before,
            Map<String, String> after) {
        if (!enrollments.isDriftTold(subject.id(), subject.link().index(), what + after)) {
            return Optional.of(new Act(new RecordDrift(subject.id(), enrollment, what, before, after, repairDrift)));
        }
        return repairDrift
                ? Optional.empty()
                : Optional.of(new Rest(DRIFTED, "port " + enrollment.port() + " was " + what + " by another hand"));
    }
}
