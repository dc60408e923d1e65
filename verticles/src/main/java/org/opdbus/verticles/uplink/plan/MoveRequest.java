// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.time.Duration;
import java.util.List;

/**
 * What a caller asks for.
 *
 * @param direction onto a bridge, or off it again
 * @param link the uplink's name
 * @param bridge the bridge's name; for {@link Direction#BACK} the one that it is on
 * @param confirmWithin how long the way back waits for a confirmation
 * @param targets what must answer besides the gateways; can be empty
 * @param persists whether the files that configure the network at boot change with it
 * @param discards whether a move back also restores files that another hand has changed since, and drops these changes
 */
public record MoveRequest(
        Direction direction,
        String link,
        String bridge,
        Duration confirmWithin,
        List<ProbeTarget> targets,
        boolean persists,
        boolean discards) {
    /** Which way. */
    public enum Direction {
        ONTO,
        BACK
    }

    public MoveRequest {
        targets = List.copyOf(targets);
    }

    /** A request that drops no changes of another hand. */
    public MoveRequest(
            Direction direction,
            String link,
            String bridge,
            Duration confirmWithin,
            List<ProbeTarget> targets,
            boolean persists) {
        this(direction, link, bridge, confirmWithin, targets, persists, false);
    }
}
