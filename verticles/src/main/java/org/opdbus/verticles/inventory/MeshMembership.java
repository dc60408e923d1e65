// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.util.List;
import java.util.Optional;

/**
 * What is known of a container and meshes.
 *
 * @param standing how it stands with the mesh that it is to be in; empty if it is to be in none or does not run
 * @param leftBehind the hosts on Netmaker servers that the container was before, and that wait to be removed
 */
public record MeshMembership(Optional<MeshStanding> standing, List<String> leftBehind) {
    /** No mesh. */
    public static final MeshMembership NONE = new MeshMembership(Optional.empty(), List.of());

    public MeshMembership {
        leftBehind = List.copyOf(leftBehind);
    }
}
