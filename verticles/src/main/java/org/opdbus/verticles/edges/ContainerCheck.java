// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges;

import io.reactivex.rxjava3.core.Single;
import org.opdbus.events.ContainerId;

/** Asks LXC anew whether a container runs, for those who must be sure before they take something away. */
@FunctionalInterface
public interface ContainerCheck {
    /** How the container stands right now. */
    Single<Presence> presence(ContainerId container);

    /** The answer. */
    enum Presence {
        /** It runs, or is on its way up or down. */
        RUNNING,
        /** It does not run. */
        GONE,
        /** There was no clear answer. */
        UNKNOWN
    }
}
