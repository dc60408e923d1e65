// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.util.List;
import java.util.Optional;
import org.opdbus.events.ContainerId;

/**
 * How a container stands, for those who ask.
 *
 * @param standing how it stands as a whole
 * @param why the reason, in words; empty when all is well
 * @param links its links into this host, first link first
 */
public record ContainerStatus(
        ContainerId id, boolean running, ContainerPhase standing, String why, List<LinkStatus> links) {
    public ContainerStatus {
        links = List.copyOf(links);
    }

    /**
     * How one of its links stands.
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

        /** Whether {@code ip} finds it by this name. */
        public boolean answersTo(String wanted) {
            return name.equals(wanted) || altNames.contains(wanted);
        }
    }
}
