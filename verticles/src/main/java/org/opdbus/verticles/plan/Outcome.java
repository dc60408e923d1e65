// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

import org.opdbus.events.Refusal;
import org.opdbus.verticles.inventory.ContainerPhase;

/** What a rule says of one link, or of a container without one. */
public sealed interface Outcome {
    /** There is something to do. */
    record Act(PlannedStep step) implements Outcome {}

    /** Nothing will be done until something changes. */
    record Refuse(Refusal reason, String message, String remedy) implements Outcome {}

    /** There is nothing to do. */
    record Rest(ContainerPhase standing, String why) implements Outcome {}
}
