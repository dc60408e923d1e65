// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import java.util.Map;
import java.util.Optional;

/**
 * A port whose link has another name now, and is to get a row of that name which keeps all that was configured.
 *
 * @param portUuid the Port row under the old name
 * @param oldName that name, as the caller saw it
 * @param newName the link's name now
 * @param bridge the bridge that the new row goes to, if it is another; a port taken to another bridge is mirrored no
 *     longer, because a mirror sees its own bridge only
 * @param portIds what is added to the Port row's {@code external_ids}
 * @param interfaceIds what is added to the Interface row's: see {@link PortRequest#interfaceIds}
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
     * Checks what can be checked here.
     *
     * @throws IllegalArgumentException if both names are the same: ovs-vswitchd loses a port that is deleted and made
     *     again in one transaction
     */
    public PortSwap {
        if (oldName.equals(newName)) {
            throw new IllegalArgumentException("the port " + oldName + " cannot be swapped for one of the same name");
        }
        portIds = Map.copyOf(portIds);
        interfaceIds = Map.copyOf(interfaceIds);
    }
}
