// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges;

import io.reactivex.rxjava3.core.Single;
import org.opdbus.events.ContainerId;

/** Asks again whether a container runs, for a handler that must be sure before it removes something. */
@FunctionalInterface
public interface ContainerCheck {
    /** Returns the present state of the container. */
    Single<Presence> presence(ContainerId container);

    /** The answer of what runs the container. */
    enum Presence {
        /** The container runs, starts or stops. */
        RUNNING,
        /** The container does not run. */
        GONE,
        /** There was no clear answer. */
        UNKNOWN
    }
}
