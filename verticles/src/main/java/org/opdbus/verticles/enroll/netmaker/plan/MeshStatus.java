// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.plan;

import java.util.List;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.enroll.netmaker.guest.MeshNode;

/**
 * How a running container stands with its mesh, as the agent shows it.
 *
 * @param attempts how often netclient's join was run in it since it started
 * @param why what stands in the way; empty if nothing does
 * @param remedy what the user has to do about it; empty if it may pass by itself
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
        /** Its server has taken it; its node and its interface are awaited for longer than that should take. */
        UNCONFIRMED,
        /** It cannot join until the user changes something. */
        REFUSED,
        /** It is in, and well. */
        JOINED,
        /** It is in, and no peer has answered it for long, or its server does not take it for well. */
        DEGRADED,
        /** It was in, and is being repaired. */
        LOST
    }

    public MeshStatus {
        nodes = List.copyOf(nodes);
    }

    /** Whether it needs the user. */
    public boolean isStuck() {
        return !remedy.isEmpty();
    }
}
