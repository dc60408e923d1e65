// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.events.VlanTrunk;

/**
 * How a port is configured that the agent makes (ovs-vswitchd.conf.db(5)).
 *
 * @param tag the access or native VLAN
 * @param trunk what it carries beside that
 * @param link columns of the Interface table
 */
public record PortSettings(Optional<Integer> tag, Optional<VlanTrunk> trunk, Map<String, Integer> link) {
    public PortSettings {
        link = Map.copyOf(link);
    }

    /** These VLANs and nothing else. */
    public static PortSettings vlans(Optional<Integer> tag, Optional<VlanTrunk> trunk) {
        return new PortSettings(tag, trunk, Map.of());
    }

    /** The trunked VLANs. */
    public List<Integer> trunks() {
        return trunk.map(VlanTrunk::vlans).orElse(List.of());
    }

    /** The column {@code vlan_mode}, if it is to be set. */
    public Optional<String> vlanMode() {
        return trunk.flatMap(VlanTrunk::mode);
    }
}
