// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

import java.util.List;
import org.opdbus.events.ContainerId;

/**
 * How a running container stands with its mesh, for whoever asks.
 *
 * @param attempts how many looks in a row have failed to bring it further
 * @param why what stands in the way; empty if nothing does
 * @param remedy what somebody has to do about it; empty if time may help
 * @param nodes its nodes; empty as long as it has none
 */
public record MeshStatus(
        ContainerId container, Phase phase, int attempts, String why, String remedy, List<MeshNode> nodes) {
    /** Where a container is on its way. */
    public enum Phase {
        /** It is to join, and has not been taken yet. */
        JOINING,
        /** Its server has taken it; its node and its interface are awaited. */
        CONFIRMING,
        /** The same, for longer than it should take. */
        UNCONFIRMED,
        /** It cannot join until somebody changes something. */
        REFUSED,
        /** It is in, and well. */
        JOINED,
        /** It is in, and nobody has answered it for long. */
        DEGRADED,
        /** It was in, and is being repaired. */
        LOST
    }

    public MeshStatus {
        nodes = List.copyOf(nodes);
    }

    /** Whether it comes no further until somebody does something. */
    public boolean isStuck() {
        return !remedy.isEmpty();
    }
}
