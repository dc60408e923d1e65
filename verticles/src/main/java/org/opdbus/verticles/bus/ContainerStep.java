// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import org.opdbus.events.ContainerId;

/**
 * A request to one handler to do one thing for one container. The router sends it to the handler of its type, and the handler
 * answers that the step is done or that it failed.
 *
 * <p>A step is an immutable record that never leaves the host. It may be stale when it arrives, and it may come twice. The
 * handler therefore checks again right before it acts, so that a stale or doubled step does no harm.
 */
public interface ContainerStep {
    /** Returns the container that the step serves. */
    ContainerId container();

    /** Returns the name of the link or port that the step changes; empty if it concerns the container as a whole. */
    default String about() {
        return "";
    }
}
