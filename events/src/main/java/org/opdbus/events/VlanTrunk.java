// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The VLANs that a port carries in addition to its access VLAN (ovs-vswitchd.conf.db(5), table
 * Port).
 *
 * @param vlans the column {@code trunks}, in ascending order
 * @param mode the column {@code vlan_mode}, if set
 */
public record VlanTrunk(List<Integer> vlans, Optional<String> mode) {
    public VlanTrunk {
        vlans = List.copyOf(vlans);
    }

    /** Returns these settings; empty if neither column is set. */
    public static Optional<VlanTrunk> of(Collection<Integer> vlans, Optional<String> mode) {
        return vlans.isEmpty() && mode.isEmpty()
                ? Optional.empty()
                : Optional.of(new VlanTrunk(vlans.stream().sorted().toList(), mode));
    }

    /** Returns the settings of a port. */
    public static Optional<VlanTrunk> of(Port port) {
        return of(port.trunks(), port.vlanMode());
    }
}
