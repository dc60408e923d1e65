// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.util.List;
import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Workload;

/**
 * The status of a container or a virtual machine.
 *
 * @param workload what it is, as its source said last; empty if only its ports are known
 * @param standing the status of the container as a whole
 * @param why the reason, in words; empty when everything is correct
 * @param remedy what the user has to do about it; empty if the agent goes on by itself, or nothing is wrong
 * @param links its links into this host, first link first
 */
public record ContainerStatus(
        ContainerId id,
        Optional<Workload> workload,
        boolean running,
        ContainerPhase standing,
        String why,
        String remedy,
        List<LinkStatus> links) {
    public ContainerStatus {
        links = List.copyOf(links);
    }

    /** Returns the name that people know it by; its own id if only its ports are known. */
    public String name() {
        return workload.map(Workload::name).orElseGet(id::own);
    }

    /** Returns what a state file calls it: {@code docker:web}. */
    public ContainerId named() {
        return workload.map(Workload::named).orElse(id);
    }

    /** Returns the same status with the earlier one's workload if only the ports are known now. */
    ContainerStatus after(ContainerStatus earlier) {
        return workload.isPresent()
                ? this
                : new ContainerStatus(id, earlier.workload, running, standing, why, remedy, links);
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
