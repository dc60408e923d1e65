// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.util.List;
import java.util.Optional;
import org.opdbus.events.ContainerId;

/**
 * The status of a container.
 *
 * @param standing the status of the container as a whole
 * @param why the reason, in words; empty when everything is correct
 * @param links its links into this host, first link first
 */
public record ContainerStatus(
        ContainerId id, boolean running, ContainerPhase standing, String why, List<LinkStatus> links) {
    public ContainerStatus {
        links = List.copyOf(links);
    }

    /**
     * The status of one of its links.
     *
     * @param name its name on this host
     * @param altNames its alternative names
     * @param bridge the bridge that its port is on, if any
     * @param ofport the port's OpenFlow number; 0 when it is not live
     */
    public record LinkStatus(
            int index,
            String name,
            List<String> altNames,
            Optional<String> bridge,
            Optional<Integer> vlan,
            int ofport) {
        public LinkStatus {
            altNames = List.copyOf(altNames);
        }

        /** Returns whether {@code ip} finds the link by this name. */
        public boolean answersTo(String wanted) {
            return name.equals(wanted) || altNames.contains(wanted);
        }
    }
}
