// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A link that is to become a port of a bridge.
 *
 * @param name the link's name, which the port and its interface get
 * @param bridge the bridge's name
 * @param portIds what the Port row's {@code external_ids} are to say: whose it is
 * @param interfaceIds what the Interface row's are to say: see {@link #interfaceIds}
 * @param vlans the port's VLANs
 * @param columns further columns of the Interface row, with numbers
 * @param otherNames other names under which the link may be a port already; the request fails if a port bears one of them
 */
public record PortRequest(
        String name,
        String bridge,
        Map<String, String> portIds,
        Map<String, String> interfaceIds,
        Vlans vlans,
        Map<String, Integer> columns,
        Set<String> otherNames) {
    public PortRequest {
        columns = Map.copyOf(columns);
        portIds = Map.copyOf(portIds);
        interfaceIds = Map.copyOf(interfaceIds);
        otherNames = Set.copyOf(otherNames);
    }

    /** A port with this access VLAN, if any, and nothing else. */
    public PortRequest(
            String name,
            String bridge,
            Map<String, String> portIds,
            Map<String, String> interfaceIds,
            Optional<Integer> tag,
            Set<String> otherNames) {
        this(name, bridge, portIds, interfaceIds, new Vlans(tag, Set.of(), Optional.empty()), Map.of(), otherNames);
    }

    /**
     * The keys by which controllers and other tools know what is behind an interface (Open vSwitch, "Integration Guide
     * for Centralized Control").
     *
     * @param attachedMac the hardware address inside the container
     * @param ifaceId a name for this link that no other on any host has
     * @param vmId what it belongs to: the container
     */
    public static Map<String, String> interfaceIds(String attachedMac, String ifaceId, String vmId) {
        return Map.of("attached-mac", attachedMac, "iface-id", ifaceId, "iface-status", "active", "vm-id", vmId);
    }
}
