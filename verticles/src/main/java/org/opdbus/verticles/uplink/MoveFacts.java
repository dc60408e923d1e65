// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.opdbus.events.UplinkEvent;
import org.opdbus.events.UplinkEvent.RevertFailed;
import org.opdbus.events.UplinkEvent.UplinkConfirmed;
import org.opdbus.events.UplinkEvent.UplinkMoved;
import org.opdbus.events.UplinkEvent.UplinkPlanned;
import org.opdbus.events.UplinkEvent.UplinkReverted;
import org.opdbus.events.UplinkEvent.UplinkStepped;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkPlan;
import org.opdbus.verticles.uplink.wayback.EndedMove;
import org.opdbus.verticles.uplink.wayback.MoveFolder;
import org.opdbus.verticles.uplink.wayback.MoveState;

/**
 * Tells what happens to a move as facts. Safe for use by any thread, if what takes them is.
 *
 * <p>A process that takes no facts leaves the end of a move unrecorded, so that the next process with a ledger records it.
 */
final class MoveFacts {
    private final Optional<Consumer<UplinkEvent>> taker;

    /** Creates it; {@code taker} is empty if this process has no ledger. */
    MoveFacts(Optional<Consumer<UplinkEvent>> taker) {
        this.taker = taker;
    }

    private void tell(UplinkEvent fact) {
        taker.ifPresent(one -> one.accept(fact));
    }

    void planned(UplinkPlan plan) {
        tell(new UplinkPlanned(
                plan.request().link(),
                plan.request().bridge(),
                plan.id(),
                plan.request().direction().name().toLowerCase(Locale.ROOT),
                plan.manager(),
                plan.steps().stream().map(Step::title).toList(),
                plan.request().confirmWithin().toSeconds()));
    }

    /** Tells that a step is done, by its place in the plan, from 0. */
    void stepped(UplinkPlan plan, int place, Step step) {
        tell(new UplinkStepped(plan.request().link(), plan.id(), place + 1, step.title()));
    }

    void moved(UplinkPlan plan) {
        tell(new UplinkMoved(plan.request().link(), plan.request().bridge(), plan.id()));
    }

    void failedToRevert(UplinkPlan plan, String cause) {
        tell(new RevertFailed(
                plan.request().link(),
                plan.request().bridge(),
                plan.id(),
                cause,
                "see op-dbus uplink status; the way back is tried again until it is finished"));
    }

    /**
     * Tells how moves ended that was not told yet. The way back needs no agent, so an agent can find such a move when it starts. The
     * thread that watches a move and the one that confirms it may both call this at once; each end is told once. Of two processes,
     * only the one that writes the ledger tells it.
     */
    synchronized void tellEnded(MoveFolder folder) {
        if (taker.isEmpty()) {
            return;
        }
        for (EndedMove move : folder.ended()) {
            if (!move.isRecorded()) {
                tell(ended(move));
                folder.recorded(move.plan().id());
            }
        }
    }

    private static UplinkEvent ended(EndedMove move) {
        String link = move.plan().request().link();
        String bridge = move.plan().request().bridge();
        return move.state() == MoveState.CONFIRMED
                ? new UplinkConfirmed(link, bridge, move.plan().id(), move.cause())
                : new UplinkReverted(link, bridge, move.plan().id(), move.cause());
    }
}
