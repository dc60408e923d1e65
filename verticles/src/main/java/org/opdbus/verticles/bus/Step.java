// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import org.opdbus.events.ContainerId;

/**
 * What one handler is asked to do next for one container. The router sends it to the handler of its type, and the handler
 * answers that it is done or that it failed.
 *
 * <p>A step is an immutable record that never leaves the host. It may be stale when it arrives, and it may come twice. The
 * handler therefore checks again right before it acts, so that a stale or doubled step does no harm.
 */
public interface Step {
    /** The container for which this is done. */
    ContainerId container();

    /** The link or port to which this is done; empty if it is done to the container as a whole. */
    default String about() {
        return "";
    }
}
