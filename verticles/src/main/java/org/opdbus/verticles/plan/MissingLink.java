// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.view.ContainerView;

/** The planning rule about a running container that the agent enrols and that has no link for it. Pure. */
@FunctionalInterface
public interface MissingLink {
    /** Makes no link, for a process that only observes the host. */
    MissingLink NONE = (id, container, intent, name) -> Optional.empty();

    /**
     * Decides what the agent does because the link is missing.
     *
     * @param name the name that the link should have
     * @return the decision; empty if the link is somebody else's to make
     */
    Optional<Outcome> decide(ContainerId id, ContainerView container, Intent intent, LinkName name);
}
