// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import org.opdbus.events.ContainerId;

/**
 * How a running container stands with the mesh that it is to be in.
 *
 * @param phase in the words of docs/NETMAKER.md
 * @param joined whether it was seen to be in
 * @param why what stands in the way; else empty
 * @param remedy what somebody has to do about it; empty if time may help
 * @param network the network's name; empty as long as it is in none
 * @param address its address there, with its prefix; empty as long as it has none
 */
public record MeshStanding(
        ContainerId id, String phase, boolean joined, String why, String remedy, String network, String address) {
    /** Whether it comes no further until somebody does something. */
    public boolean isStuck() {
        return !joined && !remedy.isEmpty();
    }
}
