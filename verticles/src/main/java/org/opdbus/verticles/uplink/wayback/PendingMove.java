// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.uplink.plan.UplinkPlan;

/**
 * A move that is neither confirmed nor taken back, or one that has just ended and was not yet settled.
 *
 * @param plan what is done, with the request that it comes from
 * @param holder the process that carries it out
 * @param begun when it was written to disk
 * @param moved when all its steps were done, if they are
 * @param deadline when the way back is taken if the move is not confirmed by then
 * @param state how far it is
 * @param steps how far each step of the plan is
 * @param cause why the way back was begun, or who confirmed; empty otherwise
 * @param trouble why the way back could not be finished; empty otherwise
 * @param alarm what takes the way back at the deadline
 */
public record PendingMove(
        UplinkPlan plan,
        MoveHolder holder,
        Instant begun,
        Optional<Instant> moved,
        Instant deadline,
        MoveState state,
        List<StepState> steps,
        String cause,
        String trouble,
        AlarmState alarm) {
    public PendingMove {
        steps = List.copyOf(steps);
    }

    /**
     * What takes the way back at the deadline.
     *
     * @param isArmed whether it will
     * @param text what it is, or why it will not, in a sentence for people
     */
    public record AlarmState(boolean isArmed, String text) {}

    /** Returns the move with this plan, of which its journal says this. */
    static PendingMove of(UplinkPlan plan, MoveStory story, AlarmState alarm) {
        return new PendingMove(
                plan,
                story.holder().orElse(new MoveHolder("a process that is not known", 0, "")),
                story.begun(),
                story.moved(),
                story.begun().plus(plan.request().confirmWithin()),
                story.state(),
                story.steps(plan.steps().size()),
                story.cause(),
                story.trouble(),
                alarm);
    }

    /** Returns the move's identifier. */
    public String id() {
        return plan.id();
    }
}
