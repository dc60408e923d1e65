// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.Port;

/**
 * What is known of the host before the readers are asked. What is not known is left empty, and costs the claims that rest on it.
 *
 * @param links every link of the host's network namespace
 * @param ports every port of Open vSwitch
 * @param interfaceIds the {@code external_ids} of the rows of the Interface table, by name
 * @param containers the container of each link whose other end is in one, and the virtual machine of each of its taps, by the link's index
 */
public record HostLinks(
        List<Link> links,
        List<Port> ports,
        Map<String, Map<String, String>> interfaceIds,
        Map<Integer, ContainerId> containers) {
    public HostLinks {
        links = List.copyOf(links);
        ports = List.copyOf(ports);
        interfaceIds = Map.copyOf(interfaceIds);
        containers = Map.copyOf(containers);
    }

    /** Returns a host of which only the links are known. */
    public static HostLinks of(List<Link> links) {
        return new HostLinks(links, List.of(), Map.of(), Map.of());
    }

    /** Returns the links by name. */
    Map<String, Link> byName() {
        Map<String, Link> named = new HashMap<>();
        links.forEach(link -> named.put(link.name().value(), link));
        return named;
    }
}
