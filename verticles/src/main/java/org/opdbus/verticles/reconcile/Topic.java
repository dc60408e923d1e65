// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import org.opdbus.verticles.plan.PlannedStep;
import org.opdbus.verticles.plan.Subject;

/**
 * A subject that is counted separately for a container: a kind of step for a subject, or a plan's decision about a
 * subject.
 *
 * @param step the kind of step; empty for a plan's decision
 */
record Topic(Subject subject, String step) {
    /** Returns the topic of a plan's decision about this. */
    static Topic of(Subject subject) {
        return new Topic(subject, "");
    }

    /** Returns the topic of steps of this kind for the same subject. */
    static Topic of(PlannedStep step) {
        return new Topic(step.subject(), step.getClass().getSimpleName());
    }
}
