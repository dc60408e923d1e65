// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import java.time.Instant;

/** What a program that starts, and finds a move in the folder, does with it. */
public enum Recovery {
    /** Its holder still runs, or its way back does: leave it. */
    LEAVE,
    /** It is over: {@link MoveFolder#settle} completes the folder. */
    SETTLE,
    /** It waits for its confirmation, and its holder has ended: take it over, and probe until it is confirmed or taken back. */
    PROBE,
    /** It was interrupted, or its time is over: take it back. */
    TAKE_BACK;

    /** Decides; pure. */
    public static Recovery of(PendingMove move, boolean holderIsAlive, Instant now) {
        if (move.state().isOver()) {
            return SETTLE;
        }
        if (move.state().isGoingBack() || !now.isBefore(move.deadline())) {
            return TAKE_BACK;
        }
        if (holderIsAlive) {
            return LEAVE;
        }
        return move.state() == MoveState.MOVED ? PROBE : TAKE_BACK;
    }
}
