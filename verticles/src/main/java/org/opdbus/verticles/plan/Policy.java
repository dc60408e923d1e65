// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

import org.opdbus.events.ContainerId;

/** Supplies the desired state of a container. The reconciler calls it on its own context; it must not block. */
@FunctionalInterface
public interface Policy {
    /** Returns the present desired state of this container. */
    Intent intentFor(ContainerId container);
}
