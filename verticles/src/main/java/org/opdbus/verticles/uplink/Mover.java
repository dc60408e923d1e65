// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink;

import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.StepWork;
import org.opdbus.verticles.uplink.plan.UplinkFailure;
import org.opdbus.verticles.uplink.plan.UplinkPlan;
import org.opdbus.verticles.uplink.wayback.MoveFolder;
import org.opdbus.verticles.uplink.wayback.MoveHolder;
import org.opdbus.verticles.uplink.wayback.MoveState;
import org.opdbus.verticles.uplink.wayback.WayBackBegun;

/** Carries out the steps of a move in their order, and takes the way back if one of them fails. It blocks its caller. */
final class Mover {
    private final MoveFolder folder;
    private final StepWork work;
    private final MoveFacts facts;
    private final Clock clock;

    Mover(MoveFolder folder, StepWork work, MoveFacts facts, Clock clock) {
        this.folder = folder;
        this.work = work;
        this.facts = facts;
        this.clock = clock;
    }

    /**
     * Makes a move. Afterwards it waits for its confirmation.
     *
     * @param holder the process that makes it, for people
     * @param progress gets a line for each step that is done
     * @throws org.opdbus.verticles.uplink.plan.UplinkRefusal if the way back could not be prepared; nothing was changed
     * @throws UplinkFailure if a step failed; the way back was taken, and the message says how that ended
     */
    void move(UplinkPlan plan, String holder, Consumer<String> progress) {
        folder.begin(plan, MoveHolder.ofThisProcess(holder), clock.instant());
        facts.planned(plan);
        progress.accept("the way back is on disk and armed");
        try {
            carryOut(plan, progress);
            folder.moved(plan.id());
        } catch (RuntimeException failure) {
            throw takenBack(plan, cause(failure), failure);
        }
        facts.moved(plan);
    }

    private void carryOut(UplinkPlan plan, Consumer<String> progress) {
        List<Step> steps = plan.steps();
        for (int number = 0; number < steps.size(); number++) {
            Step step = steps.get(number);
            folder.step(plan.id(), number, () -> work.perform(plan.id(), step));
            facts.stepped(plan, number, step);
            progress.accept(step.title());
        }
    }

    /** A failure of another kind is a defect of this program; its name helps to find it. */
    private static String cause(RuntimeException failure) {
        return failure instanceof WayBackBegun || failure instanceof UplinkFailure
                ? String.valueOf(failure.getMessage())
                : failure.toString();
    }

    /** Takes the way back and says how it ended. */
    private UplinkFailure takenBack(UplinkPlan plan, String cause, RuntimeException failure) {
        MoveState after = takeBack(plan, cause);
        return new UplinkFailure(
                cause
                        + (after == MoveState.REVERTED
                                ? "; the way back was taken, and the host's network is as it was before"
                                : "; the way back is not finished yet and is tried again: see op-dbus uplink status"),
                failure);
    }

    /** Takes the way back of a move, and tells it. */
    MoveState takeBack(UplinkPlan plan, String cause) {
        MoveState after = folder.takeBack(plan.id(), cause);
        if (after.isGoingBack()) {
            facts.failedToRevert(plan, cause);
        }
        facts.tellEnded(folder);
        return after;
    }
}
