// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.definition;

import java.util.List;

/**
 * An item of a lab: a machine, or something else with endpoints.
 *
 * @param name its name, which no other item and no LAN of the lab has
 * @param id its number, 1 to {@link LabNames#ID_MAX}
 * @param endpoints in the order of their numbers, from 0 without a gap
 */
public record LabItem(String name, int id, LabMachine machine, List<LabEndpoint> endpoints) {
    public LabItem {
        endpoints = List.copyOf(endpoints);
    }

    /** Returns the name of the port and of the link of an endpoint of this item. */
    public String portOf(LabEndpoint endpoint) {
        return LabNames.endpoint(id, endpoint.number());
    }
}
