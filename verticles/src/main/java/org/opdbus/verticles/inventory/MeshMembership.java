// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.util.List;
import java.util.Optional;

/**
 * The mesh status of a container.
 *
 * @param standing its status in its mesh; empty if it should be in none or does not run
 * @param leftBehind the former hosts of the container on Netmaker servers, which the agent still has to remove
 */
public record MeshMembership(Optional<MeshStanding> standing, List<String> leftBehind) {
    /** The status of a container without a mesh. */
    public static final MeshMembership NONE = new MeshMembership(Optional.empty(), List.of());

    public MeshMembership {
        leftBehind = List.copyOf(leftBehind);
    }
}
