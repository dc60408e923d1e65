// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import org.opdbus.verticles.plan.PlannedStep;
import org.opdbus.verticles.plan.Subject;

/**
 * What is counted or told apart from everything else of a container: a kind of step that is done to a subject, or what a plan
 * says of a subject.
 *
 * @param step the kind of step; empty for what a plan says
 */
record Topic(Subject subject, String step) {
    /** What a plan says of this. */
    static Topic of(Subject subject) {
        return new Topic(subject, "");
    }

    /** Steps of this kind that are done to the same subject. */
    static Topic of(PlannedStep step) {
        return new Topic(step.subject(), step.getClass().getSimpleName());
    }
}
