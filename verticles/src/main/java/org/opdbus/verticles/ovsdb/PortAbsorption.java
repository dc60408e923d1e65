// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A second row of one link, which a program added under an earlier name of the link after the link
 * had become a port. Its configuration must move to the first row, and the second row must be
 * removed.
 *
 * @param portUuid the second Port row
 * @param name the name of the second row, as the caller read it
 * @param own the first row, which must be the caller's
 * @param portIds the {@code external_ids} to add to the first row
 * @param forgottenIds the keys of {@code external_ids} to remove from the first row
 */
public record PortAbsorption(
        String portUuid, String name, PortOwnership own, Map<String, String> portIds, Set<String> forgottenIds) {
    public PortAbsorption {
        portIds = Map.copyOf(portIds);
        forgottenIds = Set.copyOf(forgottenIds);
    }

    /** The same request and the same guards serve both cases. */
    PortSwap asSwap() {
        return new PortSwap(portUuid, name, own.name(), Optional.empty(), portIds, Map.of(), Optional.empty());
    }
}
