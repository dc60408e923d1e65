// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import org.opdbus.events.ContainerId;

/**
 * The status of a running container in the mesh that it should be in.
 *
 * @param phase the phase, in the words of docs/NETMAKER.md
 * @param joined whether the agent has seen the container in the mesh
 * @param why the reason for the phase; empty if there is no obstacle
 * @param remedy what the user has to do about it; empty if the agent goes on by itself
 * @param network the network's name; empty as long as the container is in none
 * @param address its address there, with its prefix; empty as long as it has none
 */
public record MeshStanding(
        ContainerId id, String phase, boolean joined, String why, String remedy, String network, String address) {
    /** Returns whether the container cannot join until the user does something. */
    public boolean isStuck() {
        return !joined && !remedy.isEmpty();
    }
}
