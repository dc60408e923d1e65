// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges;

import java.util.Map;
import java.util.Set;

/**
 * A port that the agent is to create for a link.
 *
 * @param settings the configuration of the port
 * @param ids the port's external_ids
 * @param interfaceIds the interface's external_ids
 * @param otherNames earlier names of the link; the agent does not create the port if a port with one of them exists
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
