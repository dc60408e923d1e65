// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.view.ContainerView;

/** One planning rule about a running container as a whole. Pure; confined to the router's context. */
@FunctionalInterface
public interface ContainerRule {
    /** Returns what the agent must do before it plans for the container's links; empty if there is nothing. */
    Optional<Outcome> decide(ContainerId id, ContainerView container);
}
