// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.uplink.plan.ProbeTarget;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkPlan;
import org.opdbus.verticles.uplink.wayback.MoveFolder;
import org.opdbus.verticles.uplink.wayback.MoveState;
import org.opdbus.verticles.uplink.wayback.PendingMove;

/**
 * Watches a move that waits for its confirmation: asks the gateways again and again, and takes the way back when they have failed to
 * answer three times in a row. The deadline is not its business: the alarm takes the way back without it.
 */
final class MoveWatch {
    static final int UNANSWERED_MAX = 3;

    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final MoveFolder folder;
    private final Mover mover;
    private final Prober prober;
    private final Semaphore news = new Semaphore(0);
    private volatile boolean isStopped;

    /** Asks whether a host can be reached over a link. */
    @FunctionalInterface
    interface Prober {
        /** Asks each target once, and returns whether all have answered; blocks for a limited time. */
        boolean answers(String link, List<ProbeTarget> targets);
    }

    MoveWatch(MoveFolder folder, Mover mover, Prober prober) {
        this.folder = folder;
        this.mover = mover;
        this.prober = prober;
    }

    /** Watches a move until it is confirmed or taken back, or until this object is stopped. Blocks. */
    void watch(UplinkPlan plan) {
        Optional<Step.Probe> probe = lastProbe(plan);
        int unanswered = 0;
        for (Optional<MoveState> state = unfinished(plan); state.isPresent(); state = unfinished(plan)) {
            if (state.get() == MoveState.MOVED) {
                boolean isAnswered = probe.isEmpty()
                        || prober.answers(probe.get().link(), probe.get().targets());
                unanswered = isAnswered ? 0 : unanswered + 1;
                if (unanswered == UNANSWERED_MAX) {
                    mover.takeBack(
                            plan,
                            probe.orElseThrow().title() + ": no answer " + UNANSWERED_MAX
                                    + " times in a row after the move");
                    unanswered = 0;
                }
            }
            if (!pause()) {
                return;
            }
        }
    }

    /**
     * Waits while another process makes or watches a move: until the move is over, or that process has ended. Blocks.
     *
     * @return false if this object was stopped before
     */
    boolean follow(PendingMove move) {
        while (move.holder().isAlive() && unfinished(move.plan()).isPresent()) {
            if (!pause()) {
                return false;
            }
        }
        return true;
    }

    /** Returns how far a move is that is neither confirmed nor wholly taken back. */
    private Optional<MoveState> unfinished(UplinkPlan plan) {
        return folder.pending()
                .filter(move -> move.id().equals(plan.id()))
                .map(PendingMove::state)
                .filter(state -> !state.isOver());
    }

    private static Optional<Step.Probe> lastProbe(UplinkPlan plan) {
        return plan.steps().stream()
                .filter(Step.Probe.class::isInstance)
                .map(Step.Probe.class::cast)
                .reduce((first, last) -> last);
    }

    /** Waits a little, or until there is news; returns whether to go on. */
    private boolean pause() {
        try {
            if (news.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                news.drainPermits();
            }
            return !isStopped;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Looks at the move at once: it may be over. Any thread may call. */
    void look() {
        news.release();
    }

    /** Ends the watching; the move stays, and its alarm with it. Any thread may call. */
    void stop() {
        isStopped = true;
        news.release();
    }
}
