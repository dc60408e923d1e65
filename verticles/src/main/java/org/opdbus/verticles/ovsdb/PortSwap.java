// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import java.util.Map;
import java.util.Optional;

/**
 * A port whose link has another name now. It must get a row of that name which keeps the whole
 * configuration.
 *
 * @param portUuid the Port row under the old name
 * @param oldName that name, as the caller read it
 * @param newName the link's present name
 * @param bridge the bridge for the new row, if it is another one; a port that moves to another
 * bridge is no longer mirrored, because a mirror sees its own bridge only
 * @param portIds the {@code external_ids} to add to the Port row
 * @param interfaceIds the {@code external_ids} to add to the Interface row: see {@link
 * PortRequest#interfaceIds}
 * @param tag an access VLAN in place of the one carried over, if any
 */
public record PortSwap(
        String portUuid,
        String oldName,
        String newName,
        Optional<String> bridge,
        Map<String, String> portIds,
        Map<String, String> interfaceIds,
        Optional<Integer> tag) {
    /**
     * Checks the arguments.
     *
     * @throws IllegalArgumentException if both names are the same: ovs-vswitchd loses a port that
     * is deleted and added in one transaction
     */
    public PortSwap {
        if (oldName.equals(newName)) {
            throw new IllegalArgumentException("the port " + oldName + " cannot be swapped for one of the same name");
        }
        portIds = Map.copyOf(portIds);
        interfaceIds = Map.copyOf(interfaceIds);
    }
}
