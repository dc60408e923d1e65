// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

import java.util.List;
import java.util.Set;
import org.opdbus.events.ContainerId;

/** The planning rules about ports and enrolments that have ended. Pure; confined to the router's context. */
public interface Endings {
    /** Closes nothing, for a process that only observes the host. */
    Endings NONE = new Endings() {
        @Override
        public List<PlannedStep> ofStopped(ContainerId id) {
            return List.of();
        }

        @Override
        public List<PlannedStep> ofGoneLinks(ContainerId id, Set<Integer> present) {
            return List.of();
        }

        @Override
        public List<PlannedStep> ofUnheard(ContainerId id) {
            return List.of();
        }
    };

    /**
     * Returns the steps that close what the kernel shows to be gone, for a workload whose source cannot be heard: it may run.
     */
    List<PlannedStep> ofUnheard(ContainerId id);

    /** Returns the steps that close what is left because the container does not run. */
    List<PlannedStep> ofStopped(ContainerId id);

    /**
     * Returns the steps that close what is left because links of the running container have gone.
     *
     * @param present the indexes of the links that the container has
     */
    List<PlannedStep> ofGoneLinks(ContainerId id, Set<Integer> present);
}
