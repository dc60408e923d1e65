// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.events.Port.VlanTrunk;

/**
 * The configuration of a port that the agent creates (ovs-vswitchd.conf.db(5)).
 *
 * @param tag the access or native VLAN
 * @param trunk the VLANs that the port carries beside the tag
 * @param link columns of the Interface table
 */
public record PortSettings(Optional<Integer> tag, Optional<VlanTrunk> trunk, Map<String, Integer> link) {
    public PortSettings {
        link = Map.copyOf(link);
    }

    /** Creates settings with these VLANs and nothing else. */
    public static PortSettings vlans(Optional<Integer> tag, Optional<VlanTrunk> trunk) {
        return new PortSettings(tag, trunk, Map.of());
    }

    /** Returns the trunked VLANs. */
    public List<Integer> trunks() {
        return trunk.map(VlanTrunk::vlans).orElse(List.of());
    }

    /** Returns the value of the column {@code vlan_mode}; empty if the agent does not set it. */
    public Optional<String> vlanMode() {
        return trunk.flatMap(VlanTrunk::mode);
    }
}
