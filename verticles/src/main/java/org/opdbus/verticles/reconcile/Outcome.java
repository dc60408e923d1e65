// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import org.opdbus.events.Refusal;
import org.opdbus.verticles.inventory.ContainerPhase;

/** What the planner says of one link, or of a container without one. */
sealed interface Outcome {
    /** There is something to do. */
    record Act(Action action) implements Outcome {}

    /** Nothing will be done until something changes. */
    record Refuse(Refusal reason, String message, String remedy) implements Outcome {}

    /** There is nothing to do. */
    record Rest(ContainerPhase standing, String why) implements Outcome {}
}
