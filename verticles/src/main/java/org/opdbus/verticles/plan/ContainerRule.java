// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.view.ContainerView;

/** One planning rule about a running container as a whole. Pure; confined to the router's context. */
@FunctionalInterface
public interface ContainerRule {
    /** What is to be done before anything is planned for the container's links; empty if nothing is. */
    Optional<Outcome> decide(ContainerId id, ContainerView container);
}
