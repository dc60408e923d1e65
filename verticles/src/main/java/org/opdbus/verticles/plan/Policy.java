// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

import org.opdbus.events.ContainerId;

/** Supplies the wanted state of a container. Called on the context of the reconciler; must not block. */
@FunctionalInterface
public interface Policy {
    /** Returns the present wanted state of this container. */
    Intent intentFor(ContainerId container);
}
