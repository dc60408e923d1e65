// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink;

import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import org.opdbus.verticles.uplink.plan.UplinkPlan;
import org.opdbus.verticles.uplink.wayback.MoveHolder;
import org.opdbus.verticles.uplink.wayback.PendingMove;
import org.opdbus.verticles.uplink.wayback.Recovery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to the move that another process left, or still makes, when an agent starts. */
final class LeftMoves {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.uplink");

    private final UplinkVerticle.Parts parts;
    private final Hands hands;
    private final Consumer<UplinkPlan> watching;
    private final Clock clock;

    /** What acts on a move. */
    record Hands(Mover mover, MoveWatch watch, MoveFacts facts) {}

    /** Creates it; {@code watching} watches a move of this process until it is over. */
    LeftMoves(UplinkVerticle.Parts parts, Hands hands, Consumer<UplinkPlan> watching, Clock clock) {
        this.parts = parts;
        this.hands = hands;
        this.watching = watching;
        this.clock = clock;
    }

    /**
     * Returns when no such move is left, and records how moves ended meanwhile. Blocks. Its failure must not stop the agent: no
     * container depends on it.
     */
    void seeTo() {
        try {
            hands.facts().tellEnded(parts.folder());
            Optional<PendingMove> left = parts.folder().pending();
            while (left.isPresent() && isSeenTo(left.get())) {
                left = parts.folder().pending();
            }
            hands.facts().tellEnded(parts.folder());
        } catch (RuntimeException failure) {
            LOG.error("uplink.recovery problem=\"{}\" note=\"run op-dbus uplink status\"", failure.toString());
        }
    }

    /** Does what a move needs now; returns whether to look at it again. */
    private boolean isSeenTo(PendingMove left) {
        switch (Recovery.of(left, left.holder().isAlive(), clock.instant())) {
            case LEAVE -> {
                LOG.info("uplink.left move={} holder=\"{}\"", left.id(), left.holder());
                return hands.watch().follow(left);
            }
            case SETTLE -> parts.folder().settle();
            case TAKE_BACK ->
                hands.mover().takeBack(left.plan(), "the process that made the move ended before it was done");
            case PROBE -> {
                parts.folder().takeOver(left.id(), MoveHolder.ofThisProcess(parts.holder()));
                watching.accept(left.plan());
            }
        }
        return false;
    }
}
