// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges;

import io.reactivex.rxjava3.core.Single;
import org.opdbus.events.ContainerId;

/** Asks LXC again whether a container runs, for a handler that must be sure before it removes something. */
@FunctionalInterface
public interface ContainerCheck {
    /** Returns the present state of the container. */
    Single<Presence> presence(ContainerId container);

    /** LXC's answer. */
    enum Presence {
        /** The container runs, starts or stops. */
        RUNNING,
        /** The container does not run. */
        GONE,
        /** LXC gave no clear answer. */
        UNKNOWN
    }
}
