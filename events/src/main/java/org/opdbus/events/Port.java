// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A port of an Open vSwitch bridge with its interface, as the Port and Interface tables show them
 * (ovs-vswitchd.conf.db(5)).
 *
 * @param uuid the Port row
 * @param name the port's name
 * @param bridge the bridge whose column {@code ports} contains it
 * @param tag the access VLAN, if any
 * @param trunks the trunked VLANs
 * @param vlanMode how to interpret {@code tag} and {@code trunks} (the column {@code vlan_mode}),
 * if set
 * @param externalIds the Port row's {@code external_ids}
 * @param interfaceType the interface's {@code type}: empty for a kernel link, {@code internal},
 * {@code patch}, …
 * @param ofport the OpenFlow port number: at least 1 when the port is live, -1 when ovs-vswitchd
 * could not make it, 0 while ovs-vswitchd has reported neither
 * @param error the error that ovs-vswitchd reports for the interface, if any
 */
public record Port(
        String uuid,
        String name,
        String bridge,
        Optional<Integer> tag,
        Set<Integer> trunks,
        Optional<String> vlanMode,
        Map<String, String> externalIds,
        String interfaceType,
        int ofport,
        Optional<String> error) {
    /**
     * The OpenFlow port number of a bridge's own internal port, which does not show whether the
     * port is live.
     */
    public static final int OFPORT_LOCAL = 65534;

    public Port {
        trunks = Set.copyOf(trunks);
        externalIds = Map.copyOf(externalIds);
    }

    /** Returns whether ovs-vswitchd forwards packets of this port. */
    public boolean isLive() {
        return ofport >= 1 && error.isEmpty();
    }

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
}
