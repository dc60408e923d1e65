// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import org.opdbus.events.ContainerId;
import org.opdbus.verticles.plan.Intent;

/** Says what is wanted for a container. Called on the context of the reconciler; must not block. */
@FunctionalInterface
public interface Policy {
    /** What is wanted for this container now. */
    Intent intentFor(ContainerId container);
}
