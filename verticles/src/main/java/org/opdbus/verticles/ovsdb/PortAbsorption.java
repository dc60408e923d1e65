// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A second row of one link, added under an earlier name of the link after the link became a port. Its configuration is to
 * go over to the first row, and the second row is to go.
 *
 * @param portUuid the second Port row
 * @param name the name of the second row, as the caller saw it
 * @param own the first row, which must be the caller's
 * @param portIds what is added to the {@code external_ids} of the first row
 * @param forgottenIds the keys of {@code external_ids} that the first row loses
 */
public record PortAbsorption(
        String portUuid, String name, PortOwnership own, Map<String, String> portIds, Set<String> forgottenIds) {
    public PortAbsorption {
        portIds = Map.copyOf(portIds);
        forgottenIds = Set.copyOf(forgottenIds);
    }

    /** The same question and the same guards serve both. */
    PortSwap asSwap() {
        return new PortSwap(portUuid, name, own.name(), Optional.empty(), portIds, Map.of(), Optional.empty());
    }
}
