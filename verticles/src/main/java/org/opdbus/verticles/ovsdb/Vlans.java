// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import java.util.Optional;
import java.util.Set;

/**
 * All VLAN settings of a port: a setting that is absent here must be absent in the port.
 *
 * @param tag the access or native VLAN
 * @param trunks the trunked VLANs
 * @param mode the column {@code vlan_mode}
 */
public record Vlans(Optional<Integer> tag, Set<Integer> trunks, Optional<String> mode) {
    public Vlans {
        trunks = Set.copyOf(trunks);
    }
}
