// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

import java.util.List;
import java.util.Set;
import org.opdbus.events.ContainerId;

/** The planning rules about what has ended. Pure; confined to the router's context. */
public interface Endings {
    /** What is to be ended because the container does not run. */
    List<PlannedStep> ofStopped(ContainerId id);

    /**
     * What is to be ended because links of the running container have gone.
     *
     * @param present the indexes of the links that it has
     */
    List<PlannedStep> ofGoneLinks(ContainerId id, Set<Integer> present);
}
