// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import java.time.Instant;
import java.util.List;
import org.opdbus.verticles.uplink.plan.UplinkPlan;

/**
 * A move that is over.
 *
 * @param plan what was done
 * @param begun when it was begun
 * @param ended when it ended
 * @param state {@link MoveState#CONFIRMED} or {@link MoveState#REVERTED}
 * @param steps how far each step was
 * @param cause who confirmed it, or why the way back was taken
 * @param left what the way back left as it was, and why, in sentences for people
 * @param isRecorded whether {@link MoveFolder#recorded} was called for it
 */
public record EndedMove(
        UplinkPlan plan,
        Instant begun,
        Instant ended,
        MoveState state,
        List<StepState> steps,
        String cause,
        List<String> left,
        boolean isRecorded) {
    public EndedMove {
        steps = List.copyOf(steps);
        left = List.copyOf(left);
    }
}
