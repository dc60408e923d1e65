// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

import org.opdbus.events.Refusal;
import org.opdbus.verticles.inventory.ContainerPhase;

/** The decision of a rule about one link, or about a container as a whole. */
public sealed interface Outcome {
    /** The agent must carry out this step. */
    record Act(PlannedStep step) implements Outcome {}

    /** The agent does nothing until something changes, and publishes the reason. */
    record Refuse(Refusal reason, String message, String remedy) implements Outcome {}

    /** The agent has nothing to do. */
    record Rest(ContainerPhase standing, String why) implements Outcome {}
}
