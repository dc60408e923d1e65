// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges;

import java.util.Map;
import java.util.Set;

/**
 * A port that a link is to become.
 *
 * @param settings how it is configured
 * @param ids the port's external_ids
 * @param interfaceIds the interface's external_ids
 * @param otherNames names that the link bore earlier: the port is not made if a port of one of these names exists
 */
public record NewPort(
        String bridge,
        String name,
        PortSettings settings,
        Map<String, String> ids,
        Map<String, String> interfaceIds,
        Set<String> otherNames) {
    public NewPort {
        ids = Map.copyOf(ids);
        interfaceIds = Map.copyOf(interfaceIds);
        otherNames = Set.copyOf(otherNames);
    }
}
