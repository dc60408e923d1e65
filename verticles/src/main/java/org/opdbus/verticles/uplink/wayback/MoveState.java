// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

/** How far a move is. */
public enum MoveState {
    /** The way back is on disk and its alarm is armed; nothing is changed yet. */
    PLANNED,
    /** The first step was begun. */
    MOVING,
    /** All steps are done; the move waits for its confirmation. */
    MOVED,
    /** The way back was begun. */
    REVERTING,
    /** The way back could not be finished; it is tried again. */
    STUCK,
    /** The move was confirmed; it is over. */
    CONFIRMED,
    /** The way back was taken; the move is over. */
    REVERTED;

    /** Returns whether the move is over. */
    public boolean isOver() {
        return this == CONFIRMED || this == REVERTED;
    }

    /** Returns whether the way back was begun and is not finished. */
    public boolean isGoingBack() {
        return this == REVERTING || this == STUCK;
    }
}
