// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import org.opdbus.events.ContainerId;

/**
 * How a running container stands with the mesh that it is to be in.
 *
 * @param phase in the words of docs/NETMAKER.md
 * @param joined whether it was seen to be in
 * @param refused whether it cannot be until somebody does something
 * @param why what stands in the way; else empty
 * @param network the network's name; empty as long as it is in none
 * @param address its address there, with its prefix; empty as long as it has none
 */
public record MeshStanding(
        ContainerId id, String phase, boolean joined, boolean refused, String why, String network, String address) {}
