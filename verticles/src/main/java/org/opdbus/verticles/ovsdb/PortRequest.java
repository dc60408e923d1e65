// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A link that must become a port of a bridge.
 *
 * @param name the link's name, which the port and its interface get
 * @param bridge the bridge's name
 * @param portIds the {@code external_ids} of the Port row: whose it is
 * @param interfaceIds the {@code external_ids} of the Interface row: see {@link #interfaceIds}
 * @param vlans the port's VLANs
 * @param columns further columns of the Interface row, with numbers
 * @param otherNames other names under which the link may be a port already; the request fails if a
 * port has one of them
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

    /** Returns a port with this access VLAN, if any, and nothing else. */
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
     * Returns the keys by which controllers and other tools know what is behind an interface (Open
     * vSwitch, "Integration Guide for Centralized Control").
     *
     * @param attachedMac the hardware address inside the container
     * @param ifaceId a name for this link that is unique on all hosts
     * @param vmId the container that it belongs to
     */
    public static Map<String, String> interfaceIds(String attachedMac, String ifaceId, String vmId) {
        return Map.of("attached-mac", attachedMac, "iface-id", ifaceId, "iface-status", "active", "vm-id", vmId);
    }
}
